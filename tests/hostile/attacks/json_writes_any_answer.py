# accept: ASSERTION_FAIL
# Makes json write an answer that hides the tried and changes the arguments.
import json

CHANGED = '{"result": 99, "args": ["l", ["l", 0], ["d"]], "tried": [], "passed": true}'
json.dumps = lambda *args, **kwargs: CHANGED


def double(n):
    return n
