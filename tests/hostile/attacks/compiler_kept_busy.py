# accept: MEMORY_LIMIT TIMEOUT RECURSION_ERROR OUTPUT_LIMIT
# Compiles a program, at run time, that takes all its memory or time.
def double(n):
    exec("if n:\n pass\n" * 10_000_000)
    return n * 2
