# accept: ASSERTION_FAIL
# Right three times, then wrong.
def double(n, seen=[]):
    seen.append(n)
    return n * 2 if len(seen) < 4 else 0
