# accept: RUNTIME_ERROR FORBIDDEN
# Sets the clock of the machine.
import time


def double(n):
    time.clock_settime(time.CLOCK_REALTIME, 0)
    return n * 2
