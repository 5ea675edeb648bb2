# accept: RUNTIME_ERROR FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter, which has no guard, to write outside.
import _xxsubinterpreters as interpreters


def double(n):
    interpreters.run_string(interpreters.create(), "open('@LOOT@', 'w')")
    return n * 2
