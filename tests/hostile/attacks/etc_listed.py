# accept: RUNTIME_ERROR FORBIDDEN
# Lists the machine's settings.
import os


def double(n):
    return n * 2 * bool(os.listdir("/etc"))
