# accept: PASS
# Innocent: a program around it that would ask for input.
def double(n):
    return n * 2


if __name__ == "__main__":
    print(double(int(input("n? "))))
