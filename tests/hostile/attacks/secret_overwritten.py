# accept: FORBIDDEN RUNTIME_ERROR
# Opens the secret for writing, which empties it.
def double(n):
    open("@SECRET_FILE@", "w").write("mine")
    return n * 2
