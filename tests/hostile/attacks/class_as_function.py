# accept: PASS
# Innocent: a class that makes integers.
class double(int):
    def __new__(cls, n):
        return int.__new__(cls, n * 2)
