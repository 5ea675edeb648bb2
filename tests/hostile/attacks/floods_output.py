# accept: OUTPUT_LIMIT
# Prints without end.
def double(n):
    while True:
        print("PASS " * 100)
