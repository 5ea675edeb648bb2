# accept: EXIT
# Sends brackets that open and never close.
import os
import struct


def double(n):
    data = b"[" * 100_000
    os.write(3, struct.pack("=I", len(data)) + data)
    os._exit(0)
