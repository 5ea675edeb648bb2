# accept: EXIT NAME_ERROR
# Empties the module builtins.
import builtins


def double(n):
    vars(builtins).clear()
    return n * 2
