# accept: TYPE_ERROR ASSERTION_FAIL
# Sloppy: yields where it should return.
def double(n):
    yield n * 2
