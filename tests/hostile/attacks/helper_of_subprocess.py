# accept: FORBIDDEN TYPE_ERROR
# Calls the function under subprocess, which announces nothing.
import _posixsubprocess
import os


def double(n):
    pipes = (-1, -1, -1, -1, -1, -1, *os.pipe())
    command = [b"/bin/true"]
    rest = (True, False, 0, None, None, None, -1, None, True)
    _posixsubprocess.fork_exec(command, command, True, (), None, None, *pipes, *rest)
    return n * 2
