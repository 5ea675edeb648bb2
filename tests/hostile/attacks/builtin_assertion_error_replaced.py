# accept: ASSERTION_FAIL
# Replaces AssertionError by something that is not an exception.
import builtins

builtins.AssertionError = type("Silent", (), {})
__builtins__["AssertionError"] = None


def double(n):
    return 99
