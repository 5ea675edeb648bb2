"""Selection: the simplest things to do with lists."""

LEVEL = 1


def second_item(items: list[str]) -> str:
    """Return the second item of the list. The list has at least two items.

    >>> second_item(["a", "b", "c"])
    'b'
    """
    return items[1]


def check_second_item(candidate):
    assert candidate(["a", "b", "c"]) == "b"
    assert candidate(["x", "y"]) == "y"
    assert candidate(["red", "green", "blue", "red"]) == "green"
    assert candidate(["a", "a"]) == "a"
    assert candidate(["", "z", ""]) == "z"
    assert candidate(["z", "", "z"]) == ""


def first_and_last(numbers: list[int]) -> list[int]:
    """Return a list of the first and the last number. The list is never empty.

    >>> first_and_last([1, 2, 3])
    [1, 3]
    """
    return [numbers[0], numbers[-1]]


def check_first_and_last(candidate):
    assert candidate([1, 2, 3]) == [1, 3]
    assert candidate([4, 5]) == [4, 5]
    assert candidate([7]) == [7, 7]
    assert candidate([9, 8, 7, 6]) == [9, 6]
    assert candidate([-1, 0, 1]) == [-1, 1]
    assert candidate([2, 3, 2]) == [2, 2]


def first_items(items: list[int], n: int) -> list[int]:
    """Return the first n items of the list. Return all of them if there are fewer than n.

    >>> first_items([5, 6, 7, 8], 2)
    [5, 6]
    """
    return items[:n]


def check_first_items(candidate):
    assert candidate([5, 6, 7, 8], 2) == [5, 6]
    assert candidate([5, 6, 7], 3) == [5, 6, 7]
    assert candidate([5, 6, 7], 1) == [5]
    assert candidate([5, 6, 7], 0) == []
    assert candidate([5, 6], 4) == [5, 6]
    assert candidate([], 2) == []


def without_first(items: list[str]) -> list[str]:
    """Return the list without its first item. The list is never empty.

    >>> without_first(["a", "b", "c"])
    ['b', 'c']
    """
    return items[1:]


def check_without_first(candidate):
    assert candidate(["a", "b", "c"]) == ["b", "c"]
    assert candidate(["a", "b"]) == ["b"]
    assert candidate(["a"]) == []
    assert candidate(["x", "x"]) == ["x"]
    assert candidate(["d", "c", "b", "a"]) == ["c", "b", "a"]
    assert candidate(["", "z"]) == ["z"]


def sum_of_first_two(numbers: list[int]) -> int:
    """Return the sum of the first two numbers. The list has at least two numbers.

    >>> sum_of_first_two([1, 2, 3])
    3
    """
    return numbers[0] + numbers[1]


def check_sum_of_first_two(candidate):
    assert candidate([1, 2, 3]) == 3
    assert candidate([4, 5]) == 9
    assert candidate([9, 8, 7, 6]) == 17
    assert candidate([-1, 1]) == 0
    assert candidate([-2, -3, 10]) == -5
    assert candidate([0, 0, 5]) == 0


def largest_number(numbers: list[int]) -> int:
    """Return the largest number in the list. The list is never empty.

    >>> largest_number([3, 9, 4])
    9
    """
    return max(numbers)


def check_largest_number(candidate):
    assert candidate([3, 9, 4]) == 9
    assert candidate([5]) == 5
    assert candidate([1, 2, 3]) == 3
    assert candidate([3, 2, 1]) == 3
    assert candidate([-5, -2, -9]) == -2
    assert candidate([7, 7]) == 7


def sort_descending(numbers: list[int]) -> list[int]:
    """Return the numbers sorted from largest to smallest.

    >>> sort_descending([3, 1, 2])
    [3, 2, 1]
    """
    return sorted(numbers, reverse=True)


def check_sort_descending(candidate):
    assert candidate([3, 1, 2]) == [3, 2, 1]
    assert candidate([1, 2, 3]) == [3, 2, 1]
    assert candidate([3, 2, 1]) == [3, 2, 1]
    assert candidate([]) == []
    assert candidate([5]) == [5]
    assert candidate([0, -4, 4, 0]) == [4, 0, 0, -4]


def contains_zero(numbers: list[int]) -> bool:
    """Return whether the list contains 0.

    >>> contains_zero([3, 0, 5])
    True
    """
    return 0 in numbers


def check_contains_zero(candidate):
    assert candidate([3, 0, 5]) is True
    assert candidate([3, 5]) is False
    assert candidate([0]) is True
    assert candidate([]) is False
    assert candidate([1, -1]) is False
    assert candidate([10, 100]) is False
    assert candidate([1, 2, 0]) is True


def reverse_items(items: list[int]) -> list[int]:
    """Return the list reversed.

    >>> reverse_items([1, 2, 3])
    [3, 2, 1]
    """
    return list(reversed(items))


def check_reverse_items(candidate):
    assert candidate([1, 2, 3]) == [3, 2, 1]
    assert candidate([1, 2]) == [2, 1]
    assert candidate([5]) == [5]
    assert candidate([]) == []
    assert candidate([3, 1, 2]) == [2, 1, 3]
    assert candidate([4, 4, 0]) == [0, 4, 4]


def sort_ascending(numbers: list[int]) -> list[int]:
    """Return the numbers sorted from smallest to largest.

    >>> sort_ascending([3, 1, 2])
    [1, 2, 3]
    """
    return sorted(numbers)


def check_sort_ascending(candidate):
    assert candidate([3, 1, 2]) == [1, 2, 3]
    assert candidate([1, 2, 3]) == [1, 2, 3]
    assert candidate([3, 2, 1]) == [1, 2, 3]
    assert candidate([]) == []
    assert candidate([5]) == [5]
    assert candidate([0, -4, 4, 0]) == [-4, 0, 0, 4]


def negative_numbers(numbers: list[int]) -> list[int]:
    """Return the numbers that are less than zero.

    >>> negative_numbers([3, -1, 5])
    [-1]
    """
    return [n for n in numbers if n < 0]


def check_negative_numbers(candidate):
    assert candidate([3, -1, 5]) == [-1]
    assert candidate([-1, -2]) == [-1, -2]
    assert candidate([1, 2]) == []
    assert candidate([0]) == []
    assert candidate([]) == []
    assert candidate([0, -4, 1, -4, -1]) == [-4, -4, -1]


def even_numbers(numbers: list[int]) -> list[int]:
    """Return the numbers that are even.

    >>> even_numbers([1, 2, 3, 4])
    [2, 4]
    """
    return [n for n in numbers if n % 2 == 0]


def check_even_numbers(candidate):
    assert candidate([1, 2, 3, 4]) == [2, 4]
    assert candidate([1, 3]) == []
    assert candidate([2, 6]) == [2, 6]
    assert candidate([0]) == [0]
    assert candidate([]) == []
    assert candidate([-2, -1, 5, 2]) == [-2, 2]


def add_ten_to_each(numbers: list[int]) -> list[int]:
    """Return the list with ten added to each number.

    >>> add_ten_to_each([1, 2, 3])
    [11, 12, 13]
    """
    return [n + 10 for n in numbers]


def check_add_ten_to_each(candidate):
    assert candidate([1, 2, 3]) == [11, 12, 13]
    assert candidate([5]) == [15]
    assert candidate([]) == []
    assert candidate([-10, 0]) == [0, 10]
    assert candidate([9, 9]) == [19, 19]
    assert candidate([100, -50]) == [110, -40]


def double_each(numbers: list[int]) -> list[int]:
    """Return the list with each number doubled.

    >>> double_each([1, 2, 3])
    [2, 4, 6]
    """
    return [n * 2 for n in numbers]


def check_double_each(candidate):
    assert candidate([1, 2, 3]) == [2, 4, 6]
    assert candidate([5]) == [10]
    assert candidate([]) == []
    assert candidate([-1, 0]) == [-2, 0]
    assert candidate([9, 9]) == [18, 18]
    assert candidate([100, -50]) == [200, -100]


def append_item(items: list[int], item: int) -> list[int]:
    """Return the list with item added at the end.

    >>> append_item([1, 2], 3)
    [1, 2, 3]
    """
    return items + [item]


def check_append_item(candidate):
    assert candidate([1, 2], 3) == [1, 2, 3]
    assert candidate([], 1) == [1]
    assert candidate([5], 5) == [5, 5]
    assert candidate([3, 2], 1) == [3, 2, 1]
    assert candidate([0], -1) == [0, -1]
    assert candidate([4, 4, 4], 0) == [4, 4, 4, 0]


def count_zeros(numbers: list[int]) -> int:
    """Return how many times 0 occurs in the list.

    >>> count_zeros([0, 1, 0])
    2
    """
    return numbers.count(0)


def check_count_zeros(candidate):
    assert candidate([0, 1, 0]) == 2
    assert candidate([1, 2]) == 0
    assert candidate([]) == 0
    assert candidate([0]) == 1
    assert candidate([0, 0, 0]) == 3
    assert candidate([10, 100, 0]) == 1
    assert candidate([1, 1, 0]) == 1


def is_empty_list(items: list[int]) -> bool:
    """Return whether the list is empty.

    >>> is_empty_list([])
    True
    """
    return items == []


def check_is_empty_list(candidate):
    assert candidate([]) is True
    assert candidate([1]) is False
    assert candidate([0]) is False
    assert candidate([1, 2]) is False
    assert candidate([0, 0]) is False
    assert candidate([-1]) is False


def numbers_above(numbers: list[int], limit: int) -> list[int]:
    """Return the numbers that are greater than limit.

    >>> numbers_above([1, 5, 9], 4)
    [5, 9]
    """
    return [n for n in numbers if n > limit]


def check_numbers_above(candidate):
    assert candidate([1, 5, 9], 4) == [5, 9]
    assert candidate([1, 5, 9], 5) == [9]
    assert candidate([1, 5, 9], 9) == []
    assert candidate([1, 5, 9], 0) == [1, 5, 9]
    assert candidate([], 3) == []
    assert candidate([-3, -1, -2, -1], -2) == [-1, -1]


def word_lengths(words: list[str]) -> list[int]:
    """Return the list of the lengths of the words.

    >>> word_lengths(["cat", "horse"])
    [3, 5]
    """
    return [len(word) for word in words]


def check_word_lengths(candidate):
    assert candidate(["cat", "horse"]) == [3, 5]
    assert candidate(["a"]) == [1]
    assert candidate([]) == []
    assert candidate(["", "ab"]) == [0, 2]
    assert candidate(["one", "two", "three"]) == [3, 3, 5]
    assert candidate(["a b", "x"]) == [3, 1]


def upper_words(words: list[str]) -> list[str]:
    """Return the list with each word in upper case.

    >>> upper_words(["cat", "dog"])
    ['CAT', 'DOG']
    """
    return [word.upper() for word in words]


def check_upper_words(candidate):
    assert candidate(["cat", "dog"]) == ["CAT", "DOG"]
    assert candidate(["Anna"]) == ["ANNA"]
    assert candidate([]) == []
    assert candidate(["ABC", "x"]) == ["ABC", "X"]
    assert candidate(["", "a1"]) == ["", "A1"]
    assert candidate(["one two"]) == ["ONE TWO"]
