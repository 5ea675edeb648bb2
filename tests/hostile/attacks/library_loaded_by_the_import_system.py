# accept: IMPORT_ERROR FORBIDDEN
# Writes a shared library of its own and imports it.
import importlib.machinery
import importlib.util


def double(n):
    open("mine.so", "wb").write(b"\x7fELF\x02\x01\x01" + bytes(57))
    loader = importlib.machinery.ExtensionFileLoader("mine", "mine.so")
    importlib.util.module_from_spec(importlib.util.spec_from_loader("mine", loader))
    return n * 2
