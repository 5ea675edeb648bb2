# accept: EXIT
# Sends an integer of more digits than Python will read.
import os
import struct


def double(n):
    data = b'{"result": ' + b"9" * 100_000 + b"}"
    os.write(3, struct.pack("=I", len(data)) + data)
    os._exit(0)
