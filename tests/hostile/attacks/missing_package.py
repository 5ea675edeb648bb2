# accept: IMPORT_ERROR
# Sloppy: wants a package that is not here.
import pandas as pd


def double(n):
    return int(pd.Series([n]).sum()) * 2
