# accept: FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter to become the debugger of its parent.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes, os; ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)"
    interpreters.run_string(interpreters.create(), code)
    return n * 2
