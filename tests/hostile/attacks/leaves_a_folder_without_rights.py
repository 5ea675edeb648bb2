# accept: PASS
# Leaves folders that nobody may look into.
import os

os.mkdir("closed", 0)
os.mkdir("searchable", 0o300)
open("searchable/file", "w").close()
os.mkdir("readonly", 0o500)
os.umask(0o777)
os.mkdir("by_umask")


def double(n):
    return n * 2
