# accept: VALUE_ERROR
# Writes out a number of more digits than Python allows.
def double(n):
    return int(str(10**5000)) * 0 + n * 2
