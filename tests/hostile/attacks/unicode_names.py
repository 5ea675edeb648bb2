# accept: PASS
# Innocent: names in other scripts, and in letters that only look different.
def удвоить(число, π=2):
    return число * π


def ｄｏｕｂｌｅ(ｎ):
    return удвоить(n)
