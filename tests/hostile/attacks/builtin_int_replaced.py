# accept: ASSERTION_FAIL
# Puts a lying class in the place of int for everybody.
import builtins


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


builtins.int = Liar


def double(n):
    return int(99)
