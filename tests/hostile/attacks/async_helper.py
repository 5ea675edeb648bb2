# accept: PASS
# Innocent: a coroutine, driven by hand.
async def twice(n):
    return n * 2


def double(n):
    coroutine = twice(n)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
