# accept: CRASH
# Dies of the signal that tells of the limit on time, long before the limit.
import signal


def double(n):
    signal.raise_signal(signal.SIGXCPU)
