# accept: RUNTIME_ERROR FORBIDDEN IMPORT_ERROR
# Has a key-value store make a file outside.
import dbm


def double(n):
    dbm.open("@LOOT@", "n")["n"] = "2"
    return n * 2
