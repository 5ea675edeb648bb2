# accept: PASS OUTPUT_LIMIT
# Writes one large file, and does not care that it cannot.
def double(n):
    try:
        with open("large", "wb", buffering=0) as file:
            for _ in range(100):
                file.write(bytes(10_000))
    except OSError:
        pass
    return n * 2
