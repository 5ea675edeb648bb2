# accept: FORBIDDEN CRASH IMPORT_ERROR EXIT
# Runs machine code that enters the kernel by its 32-bit door, and forks.
import _xxsubinterpreters as interpreters

CODE = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("b802000000cd80c3"))  # mov eax, 2; int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""


def double(n):
    interpreters.run_string(interpreters.create(), CODE)
    return 99
