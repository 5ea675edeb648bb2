# accept: RUNTIME_ERROR
# Its own assertion fails in code that claims to be the test.
import builtins

builtins.exec(compile("def double(n):\n    assert n == 0\n    return 0", "<test>", "exec"))
