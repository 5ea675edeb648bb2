# accept: FORBIDDEN
# Fetches a page from the network by numpy's own way of opening files and addresses.
from numpy.lib.npyio import DataSource


def double(n):
    DataSource(None).open("http://127.0.0.1:@TCP_PORT@/")
    return n * 2
