# accept: TYPE_ERROR RUNTIME_ERROR
# The class of the exception chooses its own order of ancestors.
class Meta(type):
    def mro(cls):
        return [cls, TypeError, Exception, BaseException, object]


class Odd(Exception, metaclass=Meta):
    pass


def double(n):
    raise Odd
