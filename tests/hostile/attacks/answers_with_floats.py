# accept: PASS
# Innocent: 4.0 equals 4.
def double(n):
    return n / 0.5
