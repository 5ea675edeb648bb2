# accept: FORBIDDEN
# Asks the kernel for the network's interfaces.
import socket


def double(n):
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))
    return n * 2
