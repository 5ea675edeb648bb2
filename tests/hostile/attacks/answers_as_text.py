# accept: ASSERTION_FAIL
# Sloppy: the right number, written out.
def double(n):
    return str(n * 2)
