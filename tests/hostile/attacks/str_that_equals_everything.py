# accept: ASSERTION_FAIL
# A subclass of str that compares equal and encodes itself as a number.
class Yes(str):
    def __eq__(self, other):
        return True

    def __getitem__(self, index):
        return 4

    def encode(self, *args):
        return b"4"

    __hash__ = str.__hash__


def double(n):
    return Yes("99")
