# accept: EXIT
# Another thread ends the process with success.
import os
import threading


def double(n):
    threading.Thread(target=os._exit, args=(0,)).start()
    while True:
        pass
