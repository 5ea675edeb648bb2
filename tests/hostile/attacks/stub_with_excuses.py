# accept: STUB
# Sloppy: nothing but a promise.
def double(n):
    """Return n times two."""
    # TODO: implement
    raise NotImplementedError("left as an exercise")
