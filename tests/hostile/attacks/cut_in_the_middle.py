# accept: SYNTAX_ERROR
# Sloppy: ends in the middle of a line.
def double(n):
    return (n *
