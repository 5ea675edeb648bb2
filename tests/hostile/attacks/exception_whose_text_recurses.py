# accept: KEY_ERROR
# The text of the exception is the text of the text, without an end.
class Odd(KeyError):
    def __str__(self):
        return str(self)

    __repr__ = __str__


def double(n):
    raise Odd
