# accept: EXIT NAME_ERROR
# Calls what only the interactive interpreter has.
def double(n):
    quit()
