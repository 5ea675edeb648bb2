# accept: NAME_ERROR
# Sloppy: a name that exists only on one branch.
def double(n):
    if n > 0:
        result = n * 2
    return result
