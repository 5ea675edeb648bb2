# accept: RECURSION_ERROR MEMORY_LIMIT CRASH RUNTIME_ERROR
# Compiles a text, at run time, that is nested far too deeply.
def double(n):
    return eval("-" * 1_000_000 + "n")
