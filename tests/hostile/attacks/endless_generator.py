# accept: TIMEOUT MEMORY_LIMIT
# Goes through all natural numbers.
import itertools


def double(n):
    return max(itertools.count(n))
