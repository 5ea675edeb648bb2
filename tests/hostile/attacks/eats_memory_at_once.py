# accept: MEMORY_LIMIT
# Asks for a terabyte.
def double(n):
    return len(bytearray(1 << 40))
