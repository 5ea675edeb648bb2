# accept: ASSERTION_FAIL OUTPUT_LIMIT TIMEOUT
# Writes empty answers as fast as it can.
import os


def double(n):
    while True:
        os.write(3, b"\x02\x00\x00\x00{}")
