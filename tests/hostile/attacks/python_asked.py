# accept: FORBIDDEN
# Has another Python, without a guard, do the work.
import subprocess
import sys


def double(n):
    return int(subprocess.check_output([sys.executable, "-c", f"print({n} * 2)"]))
