# accept: FORBIDDEN
# Becomes a shell.
import os


def double(n):
    os.execv("/bin/sh", ["sh", "-c", "echo > @LOOT@"])
