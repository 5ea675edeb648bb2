# accept: RUNTIME_ERROR FORBIDDEN
# Opens the terminal of whoever started the run.
def double(n):
    open("/dev/tty", "w").write("PASS")
    return n * 2
