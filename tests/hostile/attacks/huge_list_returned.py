# accept: OUTPUT_LIMIT MEMORY_LIMIT TIMEOUT ASSERTION_FAIL
# Returns millions of numbers.
def double(n):
    return [n] * 20_000_000
