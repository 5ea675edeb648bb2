# accept: VALUE_ERROR EXIT
# Takes away the classes with which the caller catches exceptions.
import builtins


def double(n):
    builtins.BaseException = builtins.Exception = builtins.MemoryError = KeyError
    raise ValueError("nobody catches me")
