# accept: RECURSION_ERROR MEMORY_LIMIT CRASH
# Compiles a chain of attributes, at run time, that is far too long.
def double(n):
    return eval("n" + ".real" * 100_000)
