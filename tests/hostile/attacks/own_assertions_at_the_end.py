# accept: PASS
# Innocent: checks itself.
def double(n):
    return n * 2


assert double(3) == 6, "three"
print("All tests passed!")
