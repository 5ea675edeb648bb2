# accept: PASS
# Innocent: prints what it does, also to streams that are closed or gone.
import sys

print("…", file=sys.stderr)
sys.stdout.close()
sys.stdout = None


def double(n):
    print("doubling", n)
    return n * 2
