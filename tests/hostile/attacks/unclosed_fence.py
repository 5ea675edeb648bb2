# accept: PASS
# Innocent: a block that never closes.
```python
def double(n):
    return n * 2
