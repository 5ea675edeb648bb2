# accept: PASS TYPE_ERROR
# Innocent: a fraction that equals the integer, though it is no plain data.
from fractions import Fraction


def double(n):
    return Fraction(n * 4, 2)
