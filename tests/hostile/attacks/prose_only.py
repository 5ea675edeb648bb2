# accept: NO_CODE
# Sloppy: a description of the answer.
To double a number, add it to itself.
