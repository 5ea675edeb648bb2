# accept: RUNTIME_ERROR
# Raises many kinds of exceptions at once.
def double(n):
    raise ExceptionGroup("all of them", [NameError("a"), TypeError("b"), AssertionError("c")])
