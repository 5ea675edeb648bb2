# accept: FORBIDDEN
# Finds the note of what it tried among all objects, and empties it.
import gc
import os


def double(n):
    try:
        os.fork()
    except BaseException:
        pass
    for thing in gc.get_objects():
        if type(thing) is list and thing and type(thing[0]) is str and "os.fork" in thing[0]:
            thing.clear()
    return n * 2
