# accept: TIMEOUT CRASH FORBIDDEN
# Stops, as if somebody had pressed control and Z.
import signal


def double(n):
    signal.raise_signal(signal.SIGSTOP)
    return n * 2
