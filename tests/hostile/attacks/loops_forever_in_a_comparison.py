# accept: TIMEOUT TYPE_ERROR
# The answer takes for ever to compare, to print or to go through.
class Slow:
    def wait(self, *args):
        while True:
            pass

    __eq__ = __iter__ = __repr__ = __str__ = __hash__ = __len__ = __reduce__ = wait


def double(n):
    return Slow()
