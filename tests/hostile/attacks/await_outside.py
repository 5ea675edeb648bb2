# accept: SYNTAX_ERROR
# Sloppy: awaits in a plain function.
async def twice(n):
    return n * 2


def double(n):
    return await twice(n)
