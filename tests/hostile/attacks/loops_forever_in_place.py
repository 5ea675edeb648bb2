# accept: TIMEOUT
# Goes round and round without changing anything.
while True:
    pass


def double(n):
    return n * 2
