# accept: PASS
# Innocent: members that are integers.
import enum


class Answer(enum.IntEnum):
    NONE, FOUR, TEN, LESS = 0, 4, 10, -2


def double(n):
    return Answer(n * 2)
