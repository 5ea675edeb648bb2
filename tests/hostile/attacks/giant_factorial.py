# accept: TIMEOUT MEMORY_LIMIT
# Counts by way of a number that takes for ever.
import math


def double(n):
    return math.factorial(10**7) * 0 + n * 2
