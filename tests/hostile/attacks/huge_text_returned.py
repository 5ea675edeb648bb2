# accept: OUTPUT_LIMIT MEMORY_LIMIT ASSERTION_FAIL
# Returns a text that takes most of its memory.
def double(n):
    return "x" * (100 << 20)
