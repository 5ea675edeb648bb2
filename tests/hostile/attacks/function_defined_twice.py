# accept: PASS
# Innocent: a first attempt, then a better one.
def double(n):
    return n + 2


def double(n):
    return n * 2
