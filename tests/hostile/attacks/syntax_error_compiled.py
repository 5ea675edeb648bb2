# accept: RUNTIME_ERROR
# Compiles something at run time that cannot be compiled.
def double(n):
    return eval("n *")
