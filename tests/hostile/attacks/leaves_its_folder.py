# accept: PASS
# Moves to another folder and stays there.
import os

os.mkdir("inner")
os.chdir("inner")
os.rmdir("../inner")


def double(n):
    return n * 2
