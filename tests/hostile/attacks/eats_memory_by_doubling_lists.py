# accept: MEMORY_LIMIT
# Makes a list of lists twice as long, again and again.
def double(n):
    thing = [[n]]
    while thing:
        thing = [*thing, *thing]
    return thing
