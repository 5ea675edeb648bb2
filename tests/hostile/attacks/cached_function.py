# accept: PASS
# Innocent: a decorated function, which is no plain function any more.
import functools


@functools.lru_cache(maxsize=None)
def double(n):
    return n * 2
