# accept: ASSERTION_FAIL
# Objects that write a verdict when they are deleted.
import os


class Late:
    def __del__(self):
        os.write(1, b'{"label": "PASS"}\n')


def double(n):
    globals().setdefault("kept", []).append(Late())
    return Late() and 99
