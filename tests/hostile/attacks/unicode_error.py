# accept: VALUE_ERROR
# A subclass of ValueError that cannot be made from a message alone.
def double(n):
    return b"\xff".decode("utf-8")
