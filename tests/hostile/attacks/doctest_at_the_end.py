# accept: PASS
# Innocent: runs the examples of its own documentation.
def double(n):
    """
    >>> double(3)
    6
    """
    return n * 2


import doctest

doctest.testmod()
