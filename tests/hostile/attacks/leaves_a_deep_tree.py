# accept: FORBIDDEN
# Leaves folders in folders, so many that no path can name the last.
import os

fd = os.open(".", os.O_RDONLY)
for _ in range(1200):
    os.mkdir("deep", dir_fd=fd)
    below = os.open("deep", os.O_RDONLY, dir_fd=fd)
    os.close(fd)
    fd = below


def double(n):
    return n * 2
