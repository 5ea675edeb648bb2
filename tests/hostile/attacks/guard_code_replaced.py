# accept: FORBIDDEN
# Replaces the code of every function that could watch it, then forks.
import gc
import os
import types

nothing = (lambda: None).__code__
for thing in gc.get_objects():
    if type(thing) is types.FunctionType and thing.__name__ in ("guard", "is_outside"):
        thing.__code__ = thing.__code__.replace(
            co_code=nothing.co_code, co_consts=(None,), co_exceptiontable=b""
        )


def double(n):
    os.fork()
    return n * 2
