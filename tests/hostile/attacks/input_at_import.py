# accept: RUNTIME_ERROR
# Sloppy: asks for input as soon as it is loaded.
n = int(input("n? "))


def double(n):
    return n * 2
