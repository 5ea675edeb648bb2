# accept: TIMEOUT
# Waits, without using any time of the processor.
import time


def double(n):
    time.sleep(10**6)
