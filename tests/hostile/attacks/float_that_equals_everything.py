# accept: ASSERTION_FAIL
# A subclass of float that lies in comparisons and in its own conversion.
class Yes(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        return 4.0

    __hash__ = float.__hash__


def double(n):
    return Yes(99)
