# accept: FORBIDDEN
# Forks into a terminal of its own.
import pty


def double(n):
    pty.fork()
    return n * 2
