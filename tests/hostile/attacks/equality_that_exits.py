# accept: TYPE_ERROR EXIT
# An object that ends the process with success when it is compared or converted.
import os


class Bomb:
    def end(self, *args):
        os._exit(0)

    __eq__ = __iter__ = __len__ = __bool__ = __str__ = __repr__ = __reduce_ex__ = end


def double(n):
    return Bomb()
