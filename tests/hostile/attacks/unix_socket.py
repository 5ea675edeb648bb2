# accept: FORBIDDEN
# Connects to a socket on disk.
import socket


def double(n):
    socket.socket(socket.AF_UNIX).connect("@SOCKET_FILE@")
    return n * 2
