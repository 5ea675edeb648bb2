# accept: RUNTIME_ERROR CRASH
# Presses control and C.
import signal


def double(n):
    signal.raise_signal(signal.SIGINT)
    return 99
