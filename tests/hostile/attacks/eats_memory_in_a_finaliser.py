# accept: MEMORY_LIMIT RUNTIME_ERROR ASSERTION_FAIL TIMEOUT
# Uses up memory while an exception of the same kind is on its way.
class Greedy(MemoryError):
    def __str__(self):
        return "x" * (1 << 40)


def double(n):
    raise Greedy
