# accept: TIMEOUT MEMORY_LIMIT
# A power whose digits fill the memory.
def double(n):
    return 7 ** (10**9) % 10
