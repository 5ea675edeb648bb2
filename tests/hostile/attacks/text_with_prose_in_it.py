# accept: PASS
# Innocent: a text that reads like an explanation.
HELP = """
Here is the function that you asked for:
This doubles a number.
"""


def double(n):
    return n * 2 if HELP else n
