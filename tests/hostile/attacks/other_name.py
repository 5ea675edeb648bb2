# accept: WRONG_ENTRY_POINT
# Sloppy: the right function under another name.
def Double(n):
    return n * 2
