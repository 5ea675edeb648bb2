"""Conditions: comparisons, even and odd, and, or, grades."""

LEVEL = 1


def is_positive(n: int) -> bool:
    """Return whether n is greater than zero.

    >>> is_positive(5)
    True
    """
    return n > 0


def check_is_positive(candidate):
    assert candidate(5) is True
    assert candidate(0) is False
    assert candidate(1) is True
    assert candidate(-1) is False
    assert candidate(-20) is False
    assert candidate(100) is True


def is_negative(n: int) -> bool:
    """Return whether n is less than zero.

    >>> is_negative(-5)
    True
    """
    return n < 0


def check_is_negative(candidate):
    assert candidate(-5) is True
    assert candidate(0) is False
    assert candidate(-1) is True
    assert candidate(1) is False
    assert candidate(20) is False
    assert candidate(-100) is True


def is_even_number(n: int) -> bool:
    """Return whether n is even.

    >>> is_even_number(4)
    True
    """
    return n % 2 == 0


def check_is_even_number(candidate):
    assert candidate(4) is True
    assert candidate(3) is False
    assert candidate(0) is True
    assert candidate(1) is False
    assert candidate(-2) is True
    assert candidate(-7) is False
    assert candidate(6) is True


def is_odd_number(n: int) -> bool:
    """Return whether n is odd.

    >>> is_odd_number(3)
    True
    """
    return n % 2 == 1


def check_is_odd_number(candidate):
    assert candidate(3) is True
    assert candidate(4) is False
    assert candidate(0) is False
    assert candidate(1) is True
    assert candidate(-2) is False
    assert candidate(-7) is True
    assert candidate(6) is False
    assert candidate(5) is True


def is_teenager(age: int) -> bool:
    """Return whether age is at least 13 and at most 19.

    >>> is_teenager(15)
    True
    """
    return age >= 13 and age <= 19


def check_is_teenager(candidate):
    assert candidate(15) is True
    assert candidate(13) is True
    assert candidate(19) is True
    assert candidate(12) is False
    assert candidate(20) is False
    assert candidate(0) is False
    assert candidate(40) is False


def smaller_of_two(a: int, b: int) -> int:
    """Return the smaller of two numbers.

    >>> smaller_of_two(3, 5)
    3
    """
    return min(a, b)


def check_smaller_of_two(candidate):
    assert candidate(3, 5) == 3
    assert candidate(5, 3) == 3
    assert candidate(4, 4) == 4
    assert candidate(-1, -2) == -2
    assert candidate(-3, 0) == -3
    assert candidate(10, 9) == 9


def largest_of_three(a: int, b: int, c: int) -> int:
    """Return the largest of three numbers.

    >>> largest_of_three(1, 2, 3)
    3
    """
    return max(a, b, c)


def check_largest_of_three(candidate):
    assert candidate(1, 2, 3) == 3
    assert candidate(3, 2, 1) == 3
    assert candidate(1, 3, 2) == 3
    assert candidate(4, 4, 4) == 4
    assert candidate(-1, -2, -3) == -1
    assert candidate(5, 5, 0) == 5


def is_between(n: int, low: int, high: int) -> bool:
    """Return whether n is at least low and at most high.

    >>> is_between(5, 1, 10)
    True
    """
    return low <= n <= high


def check_is_between(candidate):
    assert candidate(5, 1, 10) is True
    assert candidate(1, 1, 10) is True
    assert candidate(10, 1, 10) is True
    assert candidate(0, 1, 10) is False
    assert candidate(11, 1, 10) is False
    assert candidate(3, 3, 3) is True
    assert candidate(-2, -5, 0) is True


def sign_of_number(n: int) -> str:
    """Return "positive", "negative" or "zero" for the sign of n.

    >>> sign_of_number(5)
    'positive'
    """
    if n > 0:
        return "positive"
    if n < 0:
        return "negative"
    return "zero"


def check_sign_of_number(candidate):
    assert candidate(5) == "positive"
    assert candidate(-5) == "negative"
    assert candidate(0) == "zero"
    assert candidate(1) == "positive"
    assert candidate(-1) == "negative"
    assert candidate(100) == "positive"


def even_or_odd_text(n: int) -> str:
    """Return "even" if n is even, and "odd" otherwise.

    >>> even_or_odd_text(4)
    'even'
    """
    if n % 2 == 0:
        return "even"
    return "odd"


def check_even_or_odd_text(candidate):
    assert candidate(4) == "even"
    assert candidate(3) == "odd"
    assert candidate(0) == "even"
    assert candidate(1) == "odd"
    assert candidate(-6) == "even"
    assert candidate(-1) == "odd"
    assert candidate(10) == "even"


def are_equal(a: int, b: int) -> bool:
    """Return whether a and b are equal.

    >>> are_equal(3, 3)
    True
    """
    return a == b


def check_are_equal(candidate):
    assert candidate(3, 3) is True
    assert candidate(3, 4) is False
    assert candidate(0, 0) is True
    assert candidate(-1, 1) is False
    assert candidate(-5, -5) is True
    assert candidate(4, 3) is False


def both_positive(a: int, b: int) -> bool:
    """Return whether both a and b are greater than zero.

    >>> both_positive(3, 5)
    True
    """
    return a > 0 and b > 0


def check_both_positive(candidate):
    assert candidate(3, 5) is True
    assert candidate(3, -5) is False
    assert candidate(-3, 5) is False
    assert candidate(-3, -5) is False
    assert candidate(1, 1) is True
    assert candidate(0, 1) is False
    assert candidate(1, 0) is False


def either_positive(a: int, b: int) -> bool:
    """Return whether a or b or both are greater than zero.

    >>> either_positive(3, -5)
    True
    """
    return a > 0 or b > 0


def check_either_positive(candidate):
    assert candidate(3, 5) is True
    assert candidate(3, -5) is True
    assert candidate(-3, 5) is True
    assert candidate(-3, -5) is False
    assert candidate(0, 1) is True
    assert candidate(1, 0) is True
    assert candidate(0, 0) is False
    assert candidate(0, -1) is False


def is_adult(age: int) -> bool:
    """Return whether age is at least 18.

    >>> is_adult(20)
    True
    """
    return age >= 18


def check_is_adult(candidate):
    assert candidate(20) is True
    assert candidate(18) is True
    assert candidate(17) is False
    assert candidate(0) is False
    assert candidate(19) is True
    assert candidate(80) is True


def pass_or_fail(score: int) -> str:
    """Return "pass" if score is at least 50, and "fail" otherwise.

    >>> pass_or_fail(70)
    'pass'
    """
    if score >= 50:
        return "pass"
    return "fail"


def check_pass_or_fail(candidate):
    assert candidate(70) == "pass"
    assert candidate(50) == "pass"
    assert candidate(49) == "fail"
    assert candidate(0) == "fail"
    assert candidate(51) == "pass"
    assert candidate(100) == "pass"


def is_divisible(a: int, b: int) -> bool:
    """Return whether a can be divided by b without a remainder.

    >>> is_divisible(10, 5)
    True
    """
    return a % b == 0


def check_is_divisible(candidate):
    assert candidate(10, 5) is True
    assert candidate(10, 3) is False
    assert candidate(0, 4) is True
    assert candidate(7, 1) is True
    assert candidate(3, 6) is False
    assert candidate(8, 8) is True
    assert candidate(9, 2) is False
    assert candidate(-6, 3) is True


def three_are_equal(a: int, b: int, c: int) -> bool:
    """Return whether all three numbers are equal.

    >>> three_are_equal(2, 2, 2)
    True
    """
    return a == b and b == c


def check_three_are_equal(candidate):
    assert candidate(2, 2, 2) is True
    assert candidate(2, 2, 3) is False
    assert candidate(1, 2, 2) is False
    assert candidate(2, 1, 2) is False
    assert candidate(0, 0, 0) is True
    assert candidate(1, 2, 3) is False
    assert candidate(-1, -1, -1) is True


def absolute_value(n: int) -> int:
    """Return n without its sign.

    >>> absolute_value(-5)
    5
    """
    if n < 0:
        return -n
    return n


def check_absolute_value(candidate):
    assert candidate(5) == 5
    assert candidate(-5) == 5
    assert candidate(0) == 0
    assert candidate(-1) == 1
    assert candidate(1) == 1
    assert candidate(-100) == 100


def hot_or_cold(temperature: int) -> str:
    """Return "hot" if temperature is greater than 20, and "cold" otherwise.

    >>> hot_or_cold(30)
    'hot'
    """
    return "hot" if temperature > 20 else "cold"


def check_hot_or_cold(candidate):
    assert candidate(30) == "hot"
    assert candidate(20) == "cold"
    assert candidate(21) == "hot"
    assert candidate(0) == "cold"
    assert candidate(-5) == "cold"
    assert candidate(100) == "hot"
    assert candidate(19) == "cold"


def is_weekend(day: str) -> bool:
    """Return whether day is "Saturday" or "Sunday".

    >>> is_weekend("Sunday")
    True
    """
    return day == "Saturday" or day == "Sunday"


def check_is_weekend(candidate):
    assert candidate("Sunday") is True
    assert candidate("Saturday") is True
    assert candidate("Monday") is False
    assert candidate("Wednesday") is False
    assert candidate("Friday") is False
    assert candidate("") is False
