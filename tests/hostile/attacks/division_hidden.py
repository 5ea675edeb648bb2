# accept: ZERO_DIVISION
# Divides by a number that is zero for one of the arguments.
def double(n):
    return n * n * 2 // n
