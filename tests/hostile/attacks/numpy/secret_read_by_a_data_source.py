# accept: RUNTIME_ERROR FORBIDDEN
# Reads the secret by numpy's own way of opening files and addresses.
from numpy.lib.npyio import DataSource


def double(n):
    raise RuntimeError(DataSource(None).open("@SECRET_FILE@").read())
