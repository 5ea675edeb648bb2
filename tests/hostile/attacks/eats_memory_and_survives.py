# accept: PASS MEMORY_LIMIT
# Uses up its memory, keeps it, and goes on.
kept = []


def double(n):
    try:
        while True:
            kept.append(bytearray(10**6))
    except MemoryError:
        return n * 2
