# accept: RUNTIME_ERROR FORBIDDEN
# Makes a process outside wait for all others.
import os


def double(n):
    os.setpriority(os.PRIO_PROCESS, @VICTIM_PID@, 19)
    return n * 2
