# accept: RUNTIME_ERROR TYPE_ERROR EXIT
# Answers with a verdict whose fields are of types that nobody expects.
import json
import os
import struct


def double(n):
    fields = {"label": {"PASS": 1}, "ancestry": {"a": []}, "line": 1e400, "message": [None]}
    data = json.dumps(fields).encode()
    os.write(3, struct.pack("=I", len(data)) + data)
    os._exit(0)
