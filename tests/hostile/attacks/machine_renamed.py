# accept: RUNTIME_ERROR FORBIDDEN
# Gives the machine another name.
import socket


def double(n):
    socket.sethostname("loot")
    return n * 2
