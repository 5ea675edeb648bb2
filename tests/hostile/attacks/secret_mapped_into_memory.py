# accept: RUNTIME_ERROR FORBIDDEN
# Opens the secret by number and maps it.
import mmap
import os


def double(n):
    fd = os.open("@SECRET_FILE@", os.O_RDONLY)
    return n * 2 * bool(mmap.mmap(fd, 0, prot=mmap.PROT_READ))
