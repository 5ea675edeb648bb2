# accept: FORBIDDEN RUNTIME_ERROR
# Opens the secret in the mode that changes nothing at first.
def double(n):
    with open("@SECRET_FILE@", "r+b", buffering=0) as file:
        file.write(b"mine")
    return n * 2
