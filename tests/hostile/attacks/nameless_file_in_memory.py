# accept: RUNTIME_ERROR FORBIDDEN
# Puts a program into a file that is only in memory, and runs it.
import os


def double(n):
    fd = os.memfd_create("loot")
    os.write(fd, b"#!/bin/sh\necho > @LOOT@\n")
    os.execve(fd, ["loot"], {})
