# accept: RUNTIME_ERROR FORBIDDEN IMPORT_ERROR
# Has the database library, which asks nobody, make a file outside.
import sqlite3


def double(n):
    with sqlite3.connect("@LOOT@") as database:
        database.execute("CREATE TABLE loot (n)")
    return n * 2
