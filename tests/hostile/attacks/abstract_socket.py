# accept: FORBIDDEN
# Connects to a socket that has a name but no file.
import socket


def double(n):
    socket.socket(socket.AF_UNIX).connect("\0@ABSTRACT@")
    return n * 2
