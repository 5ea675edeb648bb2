# accept: PASS
# Changes what a process can change about itself.
import decimal
import gc
import locale
import os
import random
import sys
import time

os.environ.update(TZ="Asia/Tokyo", LANG="tr_TR", PYTHONPATH=".", LD_PRELOAD="./x.so")
time.tzset()
os.umask(0o777)
locale.setlocale(locale.LC_ALL, "C")
decimal.getcontext().prec = 1
random.seed(0)
gc.disable()
sys.setswitchinterval(100)
sys.path[:] = ["."]


def double(n):
    return n * 2
