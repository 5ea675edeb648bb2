# accept: RUNTIME_ERROR FORBIDDEN
# Makes a folder outside, named relative to a descriptor.
import os


def double(n):
    os.mkdir("@LOOT@"[1:], dir_fd=os.open("/", os.O_PATH))
    return n * 2
