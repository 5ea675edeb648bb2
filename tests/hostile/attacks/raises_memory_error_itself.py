# accept: MEMORY_LIMIT RUNTIME_ERROR
# Says that there is no memory, without having used any.
def double(n):
    raise MemoryError("PASS")
