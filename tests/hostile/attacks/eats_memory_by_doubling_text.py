# accept: MEMORY_LIMIT
# Makes a text twice as long, again and again.
def double(n):
    text = "x"
    while True:
        text += text
