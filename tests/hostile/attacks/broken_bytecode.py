# accept: CRASH
# Runs bytecode that no compiler would write.
import types


def double(n):
    code = double.__code__.replace(co_code=bytes([100, 255, 83, 0]), co_consts=(), co_stacksize=1)
    return types.FunctionType(code, {})(n)
