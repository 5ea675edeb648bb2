# accept: TYPE_ERROR ASSERTION_FAIL
# An answer whose text is the text of the text.
class Deep:
    def __repr__(self):
        return repr(self)


def double(n):
    return Deep()
