# accept: VALUE_ERROR
# The text of the exception is a str whose slices are not text.
class Text(str):
    def __getitem__(self, index):
        return {1, 2, 3}


class Odd(ValueError):
    def __str__(self):
        return Text("x")


def double(n):
    raise Odd
