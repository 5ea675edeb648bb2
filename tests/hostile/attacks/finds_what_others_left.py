# accept: RUNTIME_ERROR
# Passes only if an earlier program left it something.
import os
import tempfile


def double(n):
    if os.listdir() + os.listdir(tempfile.gettempdir()) or os.umask(0o22) != 0o22:
        return n * 2
    raise OSError("a clean room")
