# accept: PASS
# Innocent: lines end as they do on Windows.
def double(n):
    # Windows
    return n * 2
