# accept: PASS RECURSION_ERROR
# Leaves almost no room for the calls of others.
import sys


def double(n):
    sys.setrecursionlimit(len(__import__("inspect").stack(0)) + 12)
    return n * 2
