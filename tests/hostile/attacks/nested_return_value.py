# accept: TYPE_ERROR ASSERTION_FAIL
# Returns lists in lists, twenty thousand deep.
def double(n):
    value = n * 2
    for _ in range(20_000):
        value = [value]
    return value
