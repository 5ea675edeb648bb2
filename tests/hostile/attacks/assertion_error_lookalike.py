# accept: RUNTIME_ERROR
# Raises something that is called AssertionError.
class AssertionError(AssertionError):
    pass


def double(n):
    raise AssertionError("assert candidate(2) == 4")
