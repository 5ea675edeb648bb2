# accept: FORBIDDEN
# Sends a datagram, which needs no answer.
import socket


def double(n):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"loot", ("127.0.0.1", @UDP_PORT@))
    return n * 2
