# accept: ASSERTION_FAIL TYPE_ERROR EXIT
# Makes isinstance, issubclass, all and any agree to everything.
import builtins

for name in ("isinstance", "issubclass", "all", "any", "hasattr", "callable", "bool"):
    setattr(builtins, name, lambda *args: True)


def double(n):
    return 99
