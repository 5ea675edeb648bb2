# accept: FORBIDDEN
# Uses the module under socket, with all names of the public one gone.
import _socket


def double(n):
    _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM).connect("@SOCKET_FILE@")
    return n * 2
