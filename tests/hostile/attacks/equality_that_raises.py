# accept: RUNTIME_ERROR TYPE_ERROR EXIT
# An object that raises as soon as it is compared.
class Bomb:
    def __eq__(self, other):
        raise SystemExit(0)


def double(n):
    return Bomb()
