# accept: FORBIDDEN
# Writes a script into its folder and runs it.
import os


def double(n):
    with open(os.open("script", os.O_WRONLY | os.O_CREAT, 0o777), "w") as file:
        file.write("#!/bin/sh\necho > @LOOT@\n")
    os.execl("./script", "script")
