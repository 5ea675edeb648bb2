# accept: TYPE_ERROR ASSERTION_FAIL
# An object whose __class__ says that it is an int.
class Fake:
    __class__ = int

    def __eq__(self, other):
        return True

    def __reduce__(self):
        return int, (4,)


def double(n):
    return Fake()
