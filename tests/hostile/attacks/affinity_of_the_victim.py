# accept: RUNTIME_ERROR FORBIDDEN
# Moves a process outside to one processor.
import os


def double(n):
    os.sched_setaffinity(@VICTIM_PID@, {0})
    return n * 2
