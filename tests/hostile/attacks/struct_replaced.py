# accept: EXIT OUTPUT_LIMIT
# Makes struct write another length than that of the message.
import struct

struct.pack = lambda *args: b"\xff\xff\xff\xff"


def double(n):
    return n * 2
