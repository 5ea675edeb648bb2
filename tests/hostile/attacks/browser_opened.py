# accept: FORBIDDEN PASS
# Opens a web page by the module that does so when imported.
def double(n):
    import antigravity

    return n * 2 if antigravity else n
