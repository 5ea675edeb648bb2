# accept: PASS
# Innocent: doubles by counting.
def double(n):
    if n == 0:
        return 0
    return 2 + double(n - 1) if n > 0 else -double(-n)
