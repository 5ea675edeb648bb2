# accept: EXIT
# Calls what the module `site` adds to the built-in functions.
def double(n):
    quit()
