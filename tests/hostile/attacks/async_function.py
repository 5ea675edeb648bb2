# accept: TYPE_ERROR ASSERTION_FAIL
# Sloppy: the function is a coroutine that nobody awaits.
async def double(n):
    return n * 2
