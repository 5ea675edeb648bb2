# accept: RUNTIME_ERROR
# Lets the end of an iterator escape.
def double(n):
    return next(iter([]))
