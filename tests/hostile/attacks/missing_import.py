# accept: NAME_ERROR
# Sloppy: uses a module that it forgot to import.
def double(n):
    return math.prod([n, 2])
