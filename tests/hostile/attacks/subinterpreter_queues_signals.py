# accept: FORBIDDEN IMPORT_ERROR ASSERTION_FAIL EXIT
# Goes to a second interpreter to signal its parent and a victim by sigqueue.
import _xxsubinterpreters as interpreters


def double(n):
    code = "import ctypes, os; c = ctypes.CDLL(None)\nfor pid in (@VICTIM_PID@, os.getppid(), 1):"
    interpreters.run_string(interpreters.create(), code + " c.sigqueue(pid, 9, None)")
    return 99
