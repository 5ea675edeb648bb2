# accept: PASS
# Innocent: a text that looks like the end of a completion.
STRUCK = "<s>n</s>"


def double(n):
    return n * (len(STRUCK) - 6)
