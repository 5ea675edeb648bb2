# accept: VALUE_ERROR
# Sees to it that exceptions which nobody catches end with success.
import os
import sys
import threading

sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *args: os._exit(0)


def double(n):
    raise ValueError("nobody sees this")
