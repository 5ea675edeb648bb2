# accept: ASSERTION_FAIL
# NaN, in the hope that something compares it the wrong way round.
def double(n):
    return float("nan")
