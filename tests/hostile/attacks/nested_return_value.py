# accept: TYPE_ERROR ASSERTION_FAIL
# Returns lists in lists, a hundred thousand deep.
def double(n):
    value = n * 2
    for _ in range(100_000):
        value = [value]
    return value
