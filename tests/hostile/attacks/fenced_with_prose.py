# accept: PASS
# Innocent: code in a block, with kind words around it.
Sure! Here is a function that doubles its argument:

```python
def double(n):
    return n * 2
```

I'm sorry if this is not what you wanted.
