# accept: RUNTIME_ERROR FORBIDDEN IMPORT_ERROR NAME_ERROR
# Makes a semaphore that outlives it.
from _multiprocessing import SemLock


def double(n):
    return n * 2 * bool(SemLock(1, 1, 1, "/loot", False))
