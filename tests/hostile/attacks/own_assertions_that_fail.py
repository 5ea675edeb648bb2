# accept: RUNTIME_ERROR
# Sloppy: checks itself wrongly.
def double(n):
    return n * 2


assert double(3) == 7
