# accept: PASS
# Innocent: one line, without a definition.
double = lambda n: n * 2
