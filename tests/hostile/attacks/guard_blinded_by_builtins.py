# accept: FORBIDDEN PASS
# Replaces the builtins with which a guard could tell what is outside.
import builtins

real = builtins.isinstance, builtins.any, builtins.map


def double(n):
    builtins.isinstance, builtins.any, builtins.map = lambda *a: True, lambda *a: False, lambda *a: ()
    try:
        open("@LOOT@", "w")
    except OSError:
        pass
    builtins.isinstance, builtins.any, builtins.map = real
    return n * 2
