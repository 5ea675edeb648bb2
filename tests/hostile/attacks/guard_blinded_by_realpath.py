# accept: FORBIDDEN PASS
# Makes every path look as if it were in the scratch folder.
import os
import posixpath

here = os.getcwd() + "/x"
posixpath.realpath = os.path.realpath = lambda *args, **kwargs: here


def double(n):
    try:
        open("@LOOT@", "w")
    except OSError:
        pass
    return n * 2
