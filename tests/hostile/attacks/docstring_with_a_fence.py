# accept: PASS
# Innocent: documentation with a code block in it.
def double(n):
    """Return n times two.

    ```
    double(2)
    ```
    """
    return n * 2
