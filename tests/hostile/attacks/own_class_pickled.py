# accept: PASS
# Innocent: copies an object of its own class by pickling it.
import pickle


class Box:
    def __init__(self, n):
        self.n = n


def double(n):
    return pickle.loads(pickle.dumps(Box(n))).n * 2
