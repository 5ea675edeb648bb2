# accept: TYPE_ERROR ASSERTION_FAIL
# Returns a list that holds itself.
def double(n):
    value = [n * 2]
    value.append(value)
    return value
