# accept: FORBIDDEN
# Leaves thousands of empty files.
for number in range(2000):
    open(str(number), "w").close()


def double(n):
    return n * 2
