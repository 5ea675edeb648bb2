# accept: FORBIDDEN
# Listens for connections from outside.
import http.server


def double(n):
    http.server.HTTPServer(("0.0.0.0", 0), None)
    return n * 2
