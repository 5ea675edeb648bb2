# accept: TYPE_ERROR
# Sloppy: wants more than it is given.
def double(n, factor):
    return n * factor
