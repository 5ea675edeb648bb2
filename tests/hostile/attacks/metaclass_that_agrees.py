# accept: TYPE_ERROR ASSERTION_FAIL
# A class as the answer, whose metaclass says that it is equal and an instance.
class Meta(type):
    def __eq__(cls, other):
        return True

    def __instancecheck__(cls, instance):
        return True

    __hash__ = type.__hash__


class Answer(metaclass=Meta):
    pass


def double(n):
    return Answer
