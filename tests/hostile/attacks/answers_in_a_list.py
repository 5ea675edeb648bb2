# accept: ASSERTION_FAIL
# Sloppy: the right number, wrapped.
def double(n):
    return [n * 2]
