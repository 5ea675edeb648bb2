# accept: RUNTIME_ERROR FORBIDDEN
# Takes a processor that was not given to it.
import os


def double(n):
    os.sched_setaffinity(0, range(os.cpu_count()))
    return n * 2
