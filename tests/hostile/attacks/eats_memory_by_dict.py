# accept: MEMORY_LIMIT
# A table of everything that was ever doubled.
def double(n):
    return {i: i * 2 for i in range(10**9)}[n]
