# accept: IMPORT_ERROR
# Sloppy: imports what the module does not have.
from math import double
