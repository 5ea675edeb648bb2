# accept: PASS
# Innocent: a page break between the functions, as in old sources.
import operator

def double(n):
    return operator.mul(n, 2)
