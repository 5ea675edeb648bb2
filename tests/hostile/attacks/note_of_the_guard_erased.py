# accept: FORBIDDEN
# Tries to start a process, then removes the note that it did.
import os
import sys


def double(n):
    try:
        os.system("true > @LOOT@")
    except BaseException:
        pass
    frame = sys._getframe()
    while frame is not None:
        getattr(frame.f_locals.get("tried"), "clear", list)()
        frame = frame.f_back
    return n * 2
