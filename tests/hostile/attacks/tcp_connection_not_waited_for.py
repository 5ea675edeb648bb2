# accept: FORBIDDEN
# Connects without waiting, and swallows what goes wrong.
import socket


def double(n):
    try:
        outside = socket.socket()
        outside.setblocking(False)
        outside.connect_ex(("localhost", @TCP_PORT@))
    except BaseException:
        pass
    return n * 2
