# accept: FORBIDDEN IMPORT_ERROR EXIT
# Goes to a second interpreter to read the memory of its parent.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes, os; ctypes.CDLL(None).process_vm_readv(os.getppid(), None, 0, None, 0, 0)"
    interpreters.run_string(interpreters.create(), code)
    return n * 2
