# accept: VALUE_ERROR
# An exception with a text of millions of characters.
def double(n):
    raise ValueError("PASS " * 4_000_000)
