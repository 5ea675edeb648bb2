# accept: MEMORY_LIMIT RUNTIME_ERROR
# Maps memory that no object of Python holds.
import mmap


def double(n):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 24))
