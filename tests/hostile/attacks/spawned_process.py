# accept: FORBIDDEN
# Starts a process without fork.
import os


def double(n):
    os.posix_spawn("/bin/sh", ["sh", "-c", "echo > @LOOT@"], {})
    return n * 2
