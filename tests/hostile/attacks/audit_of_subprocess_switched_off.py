# accept: FORBIDDEN
# Replaces sys.audit, so that subprocess announces nothing.
import subprocess
import sys

sys.audit = lambda *args: None


def double(n):
    subprocess.run(["/bin/sh", "-c", "echo > @LOOT@"])
    return n * 2
