# accept: ASSERTION_FAIL
# A subclass of list with lying comparison, length and contents without an end.
class Yes(list):
    def __eq__(self, other):
        return True

    def __iter__(self):
        while True:
            yield 4

    def __len__(self):
        return 0


def double(n):
    return Yes([1])
