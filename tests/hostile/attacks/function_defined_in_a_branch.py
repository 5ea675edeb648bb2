# accept: PASS
# Innocent: defined only under a condition.
import sys

if sys.version_info >= (3,):

    def double(n):
        return n * 2
else:
    double = None
