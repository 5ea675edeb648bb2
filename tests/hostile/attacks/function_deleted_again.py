# accept: WRONG_ENTRY_POINT
# Defines the function and takes it away.
def double(n):
    return n * 2


del double
