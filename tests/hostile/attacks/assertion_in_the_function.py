# accept: RUNTIME_ERROR
# Its own assertion fails, with the words of the test.
def double(n):
    assert n != 2, "assert candidate(2) == 4"
    return n * 2
