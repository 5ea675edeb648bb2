# accept: FORBIDDEN RUNTIME_ERROR
# Makes a piece of memory that outlives it.
from multiprocessing.shared_memory import SharedMemory


def double(n):
    return n * 2 * SharedMemory("loot", create=True, size=1).size
