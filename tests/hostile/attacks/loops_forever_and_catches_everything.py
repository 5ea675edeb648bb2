# accept: TIMEOUT
# Catches whatever could end it, signals included.
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def double(n):
    while True:
        try:
            while True:
                n += 1
        except BaseException:
            continue
