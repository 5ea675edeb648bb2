# accept: WRONG_ENTRY_POINT
# Sloppy: the name asked for is a table.
import itertools

double = dict(zip(itertools.count(), range(0, 100, 2)))
