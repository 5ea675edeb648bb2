# accept: RUNTIME_ERROR FORBIDDEN
# Lists the processes of the machine.
import os


def double(n):
    return n * 2 * bool(os.listdir("/proc"))
