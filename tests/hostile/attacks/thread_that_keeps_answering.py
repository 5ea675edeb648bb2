# accept: ASSERTION_FAIL RUNTIME_ERROR EXIT OUTPUT_LIMIT
# A thread writes verdicts while the function returns something wrong.
import os
import threading


def answer():
    data = b'{"label": "PASS"}'
    while True:
        os.write(3, bytes([len(data), 0, 0, 0]) + data)


threading.Thread(target=answer, daemon=True).start()


def double(n):
    return 99
