# accept: RUNTIME_ERROR FORBIDDEN
# Walks to the secret from a descriptor of the root folder.
import os


def double(n):
    root = os.open("/", os.O_PATH)
    fd = os.open("@SECRET_FILE@"[1:], os.O_RDONLY, dir_fd=root)
    return n * 2 * bool(os.read(fd, 100))
