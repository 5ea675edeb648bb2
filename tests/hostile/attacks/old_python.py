# accept: SYNTAX_ERROR
# Sloppy: Python of another age.
def double(n):
    print n
    return n * 2
