# accept: FORBIDDEN RUNTIME_ERROR
# Plants compiled code beside the standard library.
import os
import py_compile


def double(n):
    open("x.py", "w").write("PASS = True\n")
    py_compile.compile("x.py", cfile=os.path.join(os.path.dirname(os.__file__), "loot.pyc"), doraise=True)
    return n * 2
