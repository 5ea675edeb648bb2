# accept: ATTRIBUTE_ERROR
# The exception has no usable traceback, class or cause.
class Odd(AttributeError):
    __traceback__ = __cause__ = __context__ = property(lambda self: 1 / 0)
    __class__ = property(lambda self: SystemExit)


def double(n):
    raise Odd
