# accept: PASS
# Innocent: threads that are waited for.
from concurrent.futures import ThreadPoolExecutor


def double(n):
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(int, [n, n]))
