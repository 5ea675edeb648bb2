# accept: RUNTIME_ERROR
# Answers the first call itself, with a verdict.
import json
import os
import struct


def double(n):
    data = json.dumps({"label": "PASS", "ancestry": [], "raised_in": None, "line": 0}).encode()
    os.write(3, struct.pack("=I", len(data)) + data)
    os._exit(0)
