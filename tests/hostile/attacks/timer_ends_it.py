# accept: CRASH
# Has an alarm end it.
import signal


def double(n):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while True:
        n += 1
