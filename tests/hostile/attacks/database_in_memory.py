# accept: PASS
# Innocent: asks a database.
import sqlite3


def double(n):
    with sqlite3.connect(":memory:") as database:
        return database.execute("SELECT ? * 2", (n,)).fetchone()[0]
