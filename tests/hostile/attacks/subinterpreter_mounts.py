# accept: FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter for a mount.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes; ctypes.CDLL(None).mount(b'none', b'.', b'tmpfs', 0, None)"
    interpreters.run_string(interpreters.create(), code)
    return n * 2
