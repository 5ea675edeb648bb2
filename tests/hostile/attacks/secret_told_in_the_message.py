# accept: VALUE_ERROR RUNTIME_ERROR FORBIDDEN
# Tries to carry a secret out in the text of an exception.
import os


def double(n):
    raise ValueError(open("@SECRET_FILE@").read() + str(dict(os.environ)))
