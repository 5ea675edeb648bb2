# accept: PASS
# Innocent: an object that can be called.
class Doubler:
    calls = 0

    def __call__(self, n):
        self.calls += 1
        return n * 2


double = Doubler()
