# accept: RUNTIME_ERROR FORBIDDEN
# Asks the kernel to copy the secret into its own folder.
import os


def double(n):
    source, target = os.open("@SECRET_FILE@", os.O_RDONLY), os.open("mine", os.O_RDWR | os.O_CREAT)
    return n * 2 * os.sendfile(target, source, 0, 100)
