# accept: RUNTIME_ERROR
# Raises what most handlers let through.
def double(n):
    raise GeneratorExit
