# accept: RUNTIME_ERROR
# Raises the exception of a program that does not compile, though it does.
def double(n):
    raise SyntaxError("invalid syntax", ("<candidate>", 1, 1, "PASS"))
