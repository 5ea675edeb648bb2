# accept: FORBIDDEN RUNTIME_ERROR
# Spreads the work over a pool of processes, as honest programs may.
from concurrent.futures import ProcessPoolExecutor


def twice(n):
    return n * 2


def double(n):
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(twice, n).result(timeout=3)
