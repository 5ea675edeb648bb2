# accept: FORBIDDEN
# Asks the shell for the sum.
import os


def double(n):
    return int(os.popen(f"echo $(({n} * 2)) | tee @LOOT@").read())
