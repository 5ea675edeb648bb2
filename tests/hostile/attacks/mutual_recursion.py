# accept: RECURSION_ERROR
# Two functions that ask each other.
def double(n):
    return half(n)


def half(n):
    return double(n)
