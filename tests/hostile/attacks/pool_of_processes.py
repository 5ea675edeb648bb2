# accept: FORBIDDEN RUNTIME_ERROR
# Spreads the work over processes.
from multiprocessing import Process


def double(n):
    process = Process(target=print, args=(n,))
    process.start()
    process.join()
    return n * 2
