# accept: FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter for a queue through which the kernel opens files.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes; ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120))"
    interpreters.run_string(interpreters.create(), code)
    return n * 2
