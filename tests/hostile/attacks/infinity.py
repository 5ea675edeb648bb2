# accept: ASSERTION_FAIL
# An infinite answer.
def double(n):
    return n and float("inf")
