# accept: PASS
# Innocent: a coroutine, run as the manual says.
import asyncio


async def twice(n):
    await asyncio.sleep(0)
    return n * 2


def double(n):
    return asyncio.run(twice(n))
