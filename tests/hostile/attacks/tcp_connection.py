# accept: FORBIDDEN
# Connects to a server of ours.
import socket


def double(n):
    socket.create_connection(("127.0.0.1", @TCP_PORT@)).sendall(b"loot")
    return n * 2
