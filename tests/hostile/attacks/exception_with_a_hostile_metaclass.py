# accept: INDEX_ERROR
# The class of the exception refuses to tell its name and its ancestors.
class Meta(type):
    __name__ = __mro__ = property(lambda cls: 1 / 0)


class Odd(IndexError, metaclass=Meta):
    pass


def double(n):
    raise Odd
