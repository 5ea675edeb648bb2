# accept: CRASH
# Has the timer that profilers use end it.
import signal


def double(n):
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, 0.01)
    while True:
        n += 1
