# accept: MEMORY_LIMIT TIMEOUT CRASH RECURSION_ERROR
# Lifts the limit on recursion and uses it.
import sys

sys.setrecursionlimit(10**9)


def double(n):
    return double(n)
