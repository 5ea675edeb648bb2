# accept: RUNTIME_ERROR FORBIDDEN
# Reads the environment of the processes around it.
import os


def double(n):
    told = ""
    for pid in (os.getppid(), 1, @VICTIM_PID@, "self"):
        told += open(f"/proc/{pid}/environ").read()
    raise RuntimeError(told)
