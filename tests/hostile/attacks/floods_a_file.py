# accept: OUTPUT_LIMIT
# Writes one large file.
def double(n):
    with open("large", "wb") as file:
        for _ in range(1000):
            file.write(bytes(10_000))
    return n * 2
