# accept: FORBIDDEN RUNTIME_ERROR
# Writes a file outside its folder.
def double(n):
    with open("@LOOT@", "w") as file:
        file.write("PASS")
    return n * 2
