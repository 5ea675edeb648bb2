# accept: PASS
# Innocent: keeps a count of its calls.
count = 0
memory = {}


def double(n):
    global count
    count += 1
    memory.setdefault(n, n * 2)
    return memory[n]
