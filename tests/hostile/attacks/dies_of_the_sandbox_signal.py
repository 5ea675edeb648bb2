# accept: CRASH FORBIDDEN
# Dies of the signal that tells of a forbidden call, without making one.
import signal


def double(n):
    signal.raise_signal(signal.SIGSYS)
