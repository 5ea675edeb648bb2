# accept: TYPE_ERROR ASSERTION_FAIL
# Returns a generator that never ends.
import itertools


def double(n):
    return (n * 2 for _ in itertools.count())
