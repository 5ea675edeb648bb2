# accept: PASS
# Leaves threads behind that never end.
import threading
import time

for daemon in (True, False):
    threading.Thread(target=time.sleep, args=(1000,), daemon=daemon).start()


def double(n):
    return n * 2
