# accept: RUNTIME_ERROR FORBIDDEN
# Asks for the scheduler's highest class.
import os


def double(n):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
    return n * 2
