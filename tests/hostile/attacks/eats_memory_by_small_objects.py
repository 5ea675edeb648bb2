# accept: MEMORY_LIMIT TIMEOUT
# Asks for a little, again and again.
def double(n):
    kept = []
    while True:
        kept.append([kept])
