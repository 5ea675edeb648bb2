# accept: RUNTIME_ERROR
# An exception of its own that shares only its name with NameError.
class NameError(Exception):
    pass


def double(n):
    raise NameError("name 'PASS' is not defined")
