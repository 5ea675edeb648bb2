# accept: RUNTIME_ERROR FORBIDDEN
# Reads a file that is none of its business.
def double(n):
    with open("@SECRET_FILE@") as file:
        return n * 2 * bool(file.read())
