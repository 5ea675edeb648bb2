"""Loops: counting, sums, powers, repeated things."""

LEVEL = 1


def sum_up_to(n: int) -> int:
    """Return the sum of the numbers from 1 to n.

    >>> sum_up_to(4)
    10
    """
    total = 0
    for i in range(1, n + 1):
        total += i
    return total


def check_sum_up_to(candidate):
    assert candidate(4) == 10
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(2) == 3
    assert candidate(5) == 15
    assert candidate(10) == 55


def numbers_up_to(n: int) -> list[int]:
    """Return the list of the numbers from 1 to n. Return an empty list if n is 0.

    >>> numbers_up_to(3)
    [1, 2, 3]
    """
    return list(range(1, n + 1))


def check_numbers_up_to(candidate):
    assert candidate(3) == [1, 2, 3]
    assert candidate(0) == []
    assert candidate(1) == [1]
    assert candidate(2) == [1, 2]
    assert candidate(5) == [1, 2, 3, 4, 5]
    assert candidate(6) == [1, 2, 3, 4, 5, 6]


def numbers_from_zero(n: int) -> list[int]:
    """Return the list of the first n numbers, starting from 0.

    >>> numbers_from_zero(3)
    [0, 1, 2]
    """
    return list(range(n))


def check_numbers_from_zero(candidate):
    assert candidate(3) == [0, 1, 2]
    assert candidate(0) == []
    assert candidate(1) == [0]
    assert candidate(2) == [0, 1]
    assert candidate(5) == [0, 1, 2, 3, 4]
    assert candidate(6) == [0, 1, 2, 3, 4, 5]


def countdown_list(n: int) -> list[int]:
    """Return the list of the numbers from n down to 1. Return an empty list if n is 0.

    >>> countdown_list(3)
    [3, 2, 1]
    """
    return list(range(n, 0, -1))


def check_countdown_list(candidate):
    assert candidate(3) == [3, 2, 1]
    assert candidate(0) == []
    assert candidate(1) == [1]
    assert candidate(2) == [2, 1]
    assert candidate(5) == [5, 4, 3, 2, 1]
    assert candidate(6) == [6, 5, 4, 3, 2, 1]


def evens_up_to(n: int) -> list[int]:
    """Return the even numbers from 1 to n.

    >>> evens_up_to(6)
    [2, 4, 6]
    """
    return [i for i in range(1, n + 1) if i % 2 == 0]


def check_evens_up_to(candidate):
    assert candidate(6) == [2, 4, 6]
    assert candidate(0) == []
    assert candidate(1) == []
    assert candidate(2) == [2]
    assert candidate(5) == [2, 4]
    assert candidate(9) == [2, 4, 6, 8]


def odds_up_to(n: int) -> list[int]:
    """Return the odd numbers from 1 to n.

    >>> odds_up_to(5)
    [1, 3, 5]
    """
    return [i for i in range(1, n + 1) if i % 2 == 1]


def check_odds_up_to(candidate):
    assert candidate(5) == [1, 3, 5]
    assert candidate(0) == []
    assert candidate(1) == [1]
    assert candidate(2) == [1]
    assert candidate(6) == [1, 3, 5]
    assert candidate(9) == [1, 3, 5, 7, 9]


def product_up_to(n: int) -> int:
    """Return the product of the numbers from 1 to n. Return 1 if n is 0.

    >>> product_up_to(4)
    24
    """
    result = 1
    for i in range(1, n + 1):
        result *= i
    return result


def check_product_up_to(candidate):
    assert candidate(4) == 24
    assert candidate(0) == 1
    assert candidate(1) == 1
    assert candidate(2) == 2
    assert candidate(3) == 6
    assert candidate(5) == 120


def raise_to_power(base: int, exponent: int) -> int:
    """Return base to the power of exponent.

    >>> raise_to_power(2, 3)
    8
    """
    result = 1
    for _ in range(exponent):
        result *= base
    return result


def check_raise_to_power(candidate):
    assert candidate(2, 3) == 8
    assert candidate(5, 0) == 1
    assert candidate(7, 1) == 7
    assert candidate(3, 2) == 9
    assert candidate(-2, 3) == -8
    assert candidate(0, 4) == 0
    assert candidate(10, 4) == 10000


def times_table(n: int) -> list[int]:
    """Return the list of n times 1, n times 2 and so on up to n times 10.

    >>> times_table(2)
    [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    """
    return [n * i for i in range(1, 11)]


def check_times_table(candidate):
    assert candidate(2) == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert candidate(1) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert candidate(0) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert candidate(3) == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    assert candidate(5) == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]
    assert candidate(-1) == [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10]


def squares_up_to(n: int) -> list[int]:
    """Return the list of the squares of the numbers from 1 to n. Return an empty list if n is 0.

    >>> squares_up_to(3)
    [1, 4, 9]
    """
    return [i * i for i in range(1, n + 1)]


def check_squares_up_to(candidate):
    assert candidate(3) == [1, 4, 9]
    assert candidate(0) == []
    assert candidate(1) == [1]
    assert candidate(2) == [1, 4]
    assert candidate(4) == [1, 4, 9, 16]
    assert candidate(5) == [1, 4, 9, 16, 25]


def list_of_zeros(n: int) -> list[int]:
    """Return a list of n zeros.

    >>> list_of_zeros(3)
    [0, 0, 0]
    """
    return [0] * n


def check_list_of_zeros(candidate):
    assert candidate(3) == [0, 0, 0]
    assert candidate(0) == []
    assert candidate(1) == [0]
    assert candidate(2) == [0, 0]
    assert candidate(4) == [0, 0, 0, 0]
    assert candidate(5) == [0, 0, 0, 0, 0]


def row_of_stars(n: int) -> str:
    """Return a text of n stars.

    >>> row_of_stars(3)
    '***'
    """
    return "*" * n


def check_row_of_stars(candidate):
    assert candidate(3) == "***"
    assert candidate(0) == ""
    assert candidate(1) == "*"
    assert candidate(2) == "**"
    assert candidate(5) == "*****"
    assert candidate(8) == "********"


def numbers_between(low: int, high: int) -> list[int]:
    """Return the list of the numbers from low to high, both included.

    Return an empty list if low is greater than high.

    >>> numbers_between(2, 5)
    [2, 3, 4, 5]
    """
    return list(range(low, high + 1))


def check_numbers_between(candidate):
    assert candidate(2, 5) == [2, 3, 4, 5]
    assert candidate(3, 3) == [3]
    assert candidate(5, 2) == []
    assert candidate(0, 1) == [0, 1]
    assert candidate(-2, 2) == [-2, -1, 0, 1, 2]
    assert candidate(8, 10) == [8, 9, 10]


def sum_between(low: int, high: int) -> int:
    """Return the sum of the numbers from low to high, both included.

    >>> sum_between(2, 4)
    9
    """
    return sum(range(low, high + 1))


def check_sum_between(candidate):
    assert candidate(2, 4) == 9
    assert candidate(3, 3) == 3
    assert candidate(0, 1) == 1
    assert candidate(-2, 2) == 0
    assert candidate(1, 10) == 55
    assert candidate(-3, -1) == -6


def powers_of_two(n: int) -> list[int]:
    """Return the list of the first n powers of two, starting with 1.

    >>> powers_of_two(4)
    [1, 2, 4, 8]
    """
    return [2**i for i in range(n)]


def check_powers_of_two(candidate):
    assert candidate(4) == [1, 2, 4, 8]
    assert candidate(0) == []
    assert candidate(1) == [1]
    assert candidate(2) == [1, 2]
    assert candidate(3) == [1, 2, 4]
    assert candidate(6) == [1, 2, 4, 8, 16, 32]


def repeat_in_list(word: str, n: int) -> list[str]:
    """Return a list that holds word n times.

    >>> repeat_in_list("hi", 3)
    ['hi', 'hi', 'hi']
    """
    return [word] * n


def check_repeat_in_list(candidate):
    assert candidate("hi", 3) == ["hi", "hi", "hi"]
    assert candidate("hi", 0) == []
    assert candidate("a", 1) == ["a"]
    assert candidate("yes", 2) == ["yes", "yes"]
    assert candidate("", 2) == ["", ""]
    assert candidate("ab", 4) == ["ab", "ab", "ab", "ab"]


def first_multiples(n: int, count: int) -> list[int]:
    """Return the list of the first count multiples of n, starting with n.

    >>> first_multiples(3, 4)
    [3, 6, 9, 12]
    """
    return [n * i for i in range(1, count + 1)]


def check_first_multiples(candidate):
    assert candidate(3, 4) == [3, 6, 9, 12]
    assert candidate(5, 0) == []
    assert candidate(7, 1) == [7]
    assert candidate(1, 3) == [1, 2, 3]
    assert candidate(10, 5) == [10, 20, 30, 40, 50]
    assert candidate(2, 2) == [2, 4]


def add_all_numbers(numbers: list[int]) -> int:
    """Return the sum of all the numbers. Return 0 for an empty list.

    >>> add_all_numbers([1, 2, 3])
    6
    """
    total = 0
    for number in numbers:
        total += number
    return total


def check_add_all_numbers(candidate):
    assert candidate([1, 2, 3]) == 6
    assert candidate([]) == 0
    assert candidate([5]) == 5
    assert candidate([-1, 1]) == 0
    assert candidate([10, 20, 30, 40]) == 100
    assert candidate([-2, -3]) == -5


def join_all_words(words: list[str]) -> str:
    """Return all the words joined into one text, without spaces.

    >>> join_all_words(["sun", "day"])
    'sunday'
    """
    text = ""
    for word in words:
        text += word
    return text


def check_join_all_words(candidate):
    assert candidate(["sun", "day"]) == "sunday"
    assert candidate([]) == ""
    assert candidate(["a"]) == "a"
    assert candidate(["a", "b", "c"]) == "abc"
    assert candidate(["", "x", ""]) == "x"
    assert candidate(["no", "no"]) == "nono"


def star_triangle(n: int) -> list[str]:
    """Return n rows of stars: one star in the first row, two in the second and so on.

    >>> star_triangle(3)
    ['*', '**', '***']
    """
    return ["*" * i for i in range(1, n + 1)]


def check_star_triangle(candidate):
    assert candidate(3) == ["*", "**", "***"]
    assert candidate(0) == []
    assert candidate(1) == ["*"]
    assert candidate(2) == ["*", "**"]
    assert candidate(4) == ["*", "**", "***", "****"]
    assert candidate(5) == ["*", "**", "***", "****", "*****"]
