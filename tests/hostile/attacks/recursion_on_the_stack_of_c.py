# accept: CRASH RECURSION_ERROR MEMORY_LIMIT
# Lifts the limit on recursion where each level takes stack.
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __add__(self, other):
        return self + other


def double(n):
    return Deep() + n
