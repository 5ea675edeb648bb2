# accept: FORBIDDEN IMPORT_ERROR
# Has numpy compile Fortran.
import subprocess

import numpy.f2py


def double(n):
    numpy.f2py.subprocess.run(["true"])
    return n * 2
