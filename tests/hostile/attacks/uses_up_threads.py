# accept: RUNTIME_ERROR MEMORY_LIMIT
# Starts threads until no more can be started.
import threading


def double(n):
    waiting = threading.Event()
    while True:
        threading.Thread(target=waiting.wait, daemon=True).start()
