# accept: FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter, which has no guard, for a socket.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)"
    interpreters.run_string(interpreters.create(), code)
    return n * 2
