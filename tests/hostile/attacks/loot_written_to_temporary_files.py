# accept: FORBIDDEN RUNTIME_ERROR
# Makes a temporary file outside its folder.
import os
import tempfile


def double(n):
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname("@LOOT@"), delete=False) as file:
        file.write("PASS")
    return n * 2
