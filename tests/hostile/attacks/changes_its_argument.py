# accept: PASS
# Innocent: changes what it was given.
def double(n):
    n += n
    return n
