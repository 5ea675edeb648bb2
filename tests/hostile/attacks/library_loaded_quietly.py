# accept: FORBIDDEN
# Imports the module under ctypes and swallows what goes wrong.
def double(n):
    try:
        import _ctypes

        _ctypes.dlopen("libc.so.6", 0)
    except BaseException:
        pass
    return n * 2
