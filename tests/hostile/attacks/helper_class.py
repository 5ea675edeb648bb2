# accept: PASS
# Innocent: more classes than needed.
from abc import ABC, abstractmethod


class Operation(ABC):
    @abstractmethod
    def apply(self, n): ...


class Doubling(Operation):
    def apply(self, n):
        return n + n


def double(n):
    return Doubling().apply(n)
