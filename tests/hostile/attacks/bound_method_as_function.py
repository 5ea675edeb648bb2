# accept: PASS
# Innocent: a method of an object.
class Doubler:
    def __init__(self, factor):
        self.factor = factor

    def times(self, n):
        return n * self.factor


double = Doubler(2).times
