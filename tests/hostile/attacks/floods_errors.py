# accept: OUTPUT_LIMIT
# Writes complaints without end.
import sys
import traceback


def double(n):
    while True:
        try:
            n / 0
        except ZeroDivisionError:
            traceback.print_exc(file=sys.stderr)
