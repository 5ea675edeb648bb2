# accept: RUNTIME_ERROR FORBIDDEN IMPORT_ERROR
# Attaches the secret as a database, by a library that asks nobody.
import sqlite3


def double(n):
    database = sqlite3.connect("file:@SECRET_FILE@?mode=ro&immutable=1", uri=True)
    database.execute("SELECT * FROM sqlite_master").fetchall()
    return n * 2
