# accept: RUNTIME_ERROR FORBIDDEN
# Writes a file outside, named relative to a descriptor.
import os


def double(n):
    root = os.open("/", os.O_PATH)
    os.close(os.open("@LOOT@"[1:], os.O_WRONLY | os.O_CREAT, dir_fd=root))
    return n * 2
