# accept: RUNTIME_ERROR FORBIDDEN
# Reads the file of users.
def double(n):
    return n * 2 * bool(open("/etc/passwd").read())
