# accept: RUNTIME_ERROR
# The text of the exception cannot be had without SystemExit.
class Odd(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def double(n):
    raise Odd
