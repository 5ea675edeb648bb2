# accept: PASS
# Innocent: an endless loop that another thread ends.
import threading

done = []


def double(n):
    threading.Timer(0.03, done.append, [n]).start()
    while not done:
        pass
    done.clear()
    return n * 2
