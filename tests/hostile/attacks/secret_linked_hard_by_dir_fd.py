# accept: FORBIDDEN RUNTIME_ERROR
# Gives the secret a second name, relative to a descriptor.
import os


def double(n):
    root = os.open("/", os.O_PATH)
    os.link("@SECRET_FILE@"[1:], "mine", src_dir_fd=root)
    return n * 2
