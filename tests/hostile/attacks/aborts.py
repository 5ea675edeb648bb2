# accept: CRASH
# Ends as a failed assertion in C does.
import os


def double(n):
    os.abort()
