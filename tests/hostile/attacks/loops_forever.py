# accept: TIMEOUT
# Goes round and round.
def double(n):
    while True:
        n = n + 1
