# accept: ASSERTION_FAIL
# A profiler that swallows wrong answers of the function.
import sys


def double(n):
    sys.setprofile(lambda frame, event, argument: setattr(sys, "last", (frame, argument)))
    return 99
