# accept: RUNTIME_ERROR PASS FORBIDDEN IMPORT_ERROR EXIT
# Leaves links to folders outside for whoever cleans up to follow.
import _xxsubinterpreters as interpreters

CODE = """
import os
os.mkdir("inner")
for name in ("link", "inner/link"):
    os.symlink(os.path.dirname("@SECRET_FILE@"), name)
"""


def double(n):
    if n == 2:
        interpreters.run_string(interpreters.create(), CODE)
    return n * 2
