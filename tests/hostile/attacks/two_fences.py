# accept: PASS
# Innocent: how to call it in one block, the function in another.
First, call it like this:

```python
print(double(2))
```

and define it like this:

```python
def double(n):
    return n * 2
```
