# accept: TIMEOUT
# The exception takes for ever to tell its text.
class Slow(Exception):
    def __str__(self):
        while True:
            pass


def double(n):
    raise Slow
