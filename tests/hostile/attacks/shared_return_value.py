# accept: OUTPUT_LIMIT MEMORY_LIMIT TYPE_ERROR TIMEOUT ASSERTION_FAIL
# Returns a small thing that becomes huge when it is written out.
def double(n):
    value = ["x" * 100]
    for _ in range(60):
        value = [value, value]
    return value
