# accept: FORBIDDEN
# Loads a shared library and calls its unshare.
import ctypes


def double(n):
    ctypes.CDLL(None).unshare(0x10000000)
    return n * 2
