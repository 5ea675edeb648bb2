# accept: RUNTIME_ERROR FORBIDDEN
# Changes into folder after folder upwards and reads from there.
import os


def double(n):
    for _ in range(40):
        os.chdir("..")
    return n * 2 * bool(open("@SECRET_FILE@"[1:]).read())
