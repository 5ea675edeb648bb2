# accept: PASS
# Innocent: an endless loop that a signal ends.
import signal


class Done(Exception):
    pass


def double(n):
    def stop(*args):
        raise Done

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.03)
    try:
        while True:
            pass
    except Done:
        return n * 2
