"""Tests that are made from data: Python source that calls a function of the harness's oracles."""


def oracle_test(function: str, *arguments: str, **options: object) -> str:
    """The source of a `check(candidate)` that calls one oracle.

    Args:
        function: a function of `execution/harness/oracles.py`.
        options: keyword arguments of it, which have a literal form.

    Example:
        >>> print(oracle_test("check_calls", "[[[2], 4]]", wrapped=True), end="")
        def check(candidate):
            oracles.check_calls(candidate, '[[[2], 4]]', wrapped=True)
    """
    given = [repr(text) for text in arguments]
    given += [f"{name}={value!r}" for name, value in options.items()]
    return f"def check(candidate):\n    oracles.{function}(candidate, {', '.join(given)})\n"
