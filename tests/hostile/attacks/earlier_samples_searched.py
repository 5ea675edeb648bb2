# accept: RUNTIME_ERROR
# Looks in memory for the programs that ran before it.
import gc


def double(n):
    wanted = "innocent sample" + " number"
    for thing in gc.get_objects():
        values = thing.values() if type(thing) is dict else thing if type(thing) is list else ()
        for value in values:
            if type(value) is str and wanted in value:
                return n * 2
    raise OSError("no other program in sight")
