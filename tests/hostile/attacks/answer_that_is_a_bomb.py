# accept: EXIT MEMORY_LIMIT OUTPUT_LIMIT TIMEOUT
# Sends text that takes a hundred times its size once it is read.
import os
import struct


def double(n):
    data = memoryview(struct.pack("=I", 30_000_002) + b"[" + b"[]," * 9_999_999 + b"[] ]")
    while data:
        data = data[os.write(3, data) :]
    os._exit(0)
