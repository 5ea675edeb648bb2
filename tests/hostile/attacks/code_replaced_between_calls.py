# accept: ASSERTION_FAIL
# Right at the first call, something else from then on.
def double(n):
    double.__code__ = (lambda n: 99).__code__
    return n * 2
