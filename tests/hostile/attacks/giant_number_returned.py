# accept: ASSERTION_FAIL
# Returns a number of a hundred thousand digits.
def double(n):
    return 1 << 400_000
