# accept: TIMEOUT
# A regular expression that tries two to the power of forty ways.
import re


def double(n):
    return n * 2 if re.fullmatch(r"(a|a)*b", "a" * 40) is None else 0
