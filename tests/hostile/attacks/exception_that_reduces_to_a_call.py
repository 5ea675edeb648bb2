# accept: RUNTIME_ERROR
# Pickling the exception would run a command.
import os


class Odd(Exception):
    def __reduce__(self):
        return os.system, ("echo PASS > @LOOT@",)


def double(n):
    raise Odd(Odd())
