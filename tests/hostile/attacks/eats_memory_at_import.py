# accept: MEMORY_LIMIT
# Uses up its memory before it is asked anything.
table = [[0] * 1000 for _ in range(10**9)]


def double(n):
    return table[n]
