# accept: MEMORY_LIMIT
# Writes out a huge range to count it.
def double(n):
    return n * 2 + len(list(range(10**9)))
