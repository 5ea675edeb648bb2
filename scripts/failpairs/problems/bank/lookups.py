"""Lookups: the simplest things to do with dictionaries and sets."""

LEVEL = 1


def get_score(scores: dict[str, int], name: str) -> int:
    """Return the score of name. The name is always in scores.

    >>> get_score({"Ann": 3, "Ben": 5}, "Ben")
    5
    """
    return scores[name]


def check_get_score(candidate):
    assert candidate({"Ann": 3, "Ben": 5}, "Ben") == 5
    assert candidate({"Ann": 3, "Ben": 5}, "Ann") == 3
    assert candidate({"x": 0}, "x") == 0
    assert candidate({"a": -1, "b": 1}, "a") == -1
    assert candidate({"a": 1, "A": 2}, "A") == 2
    assert candidate({"": 7}, "") == 7


def get_or_zero(counts: dict[str, int], key: str) -> int:
    """Return the value of key in counts, or 0 if key is not there.

    >>> get_or_zero({"a": 3, "b": 5}, "b")
    5
    """
    return counts.get(key, 0)


def check_get_or_zero(candidate):
    assert candidate({"a": 3, "b": 5}, "b") == 5
    assert candidate({"a": 3, "b": 5}, "c") == 0
    assert candidate({}, "a") == 0
    assert candidate({"a": 3}, "A") == 0
    assert candidate({"a": -2}, "a") == -2
    assert candidate({"x": 1, "y": 2}, "x") == 1


def has_key(ages: dict[str, int], key: str) -> bool:
    """Return whether key is in the dictionary.

    >>> has_key({"Ann": 30, "Ben": 25}, "Ann")
    True
    """
    return key in ages


def check_has_key(candidate):
    assert candidate({"Ann": 30, "Ben": 25}, "Ann") is True
    assert candidate({"Ann": 30, "Ben": 25}, "Ben") is True
    assert candidate({"Ann": 30}, "Cat") is False
    assert candidate({}, "Ann") is False
    assert candidate({"Ann": 30}, "ann") is False
    assert candidate({"x": 0}, "x") is True


def has_value(ages: dict[str, int], value: int) -> bool:
    """Return whether value is one of the values of the dictionary.

    >>> has_value({"Ann": 30, "Ben": 25}, 25)
    True
    """
    return value in ages.values()


def check_has_value(candidate):
    assert candidate({"Ann": 30, "Ben": 25}, 25) is True
    assert candidate({"Ann": 30, "Ben": 25}, 30) is True
    assert candidate({"Ann": 30}, 31) is False
    assert candidate({}, 1) is False
    assert candidate({"x": 0}, 0) is True
    assert candidate({"a": 1, "b": 1}, 1) is True


def number_of_keys(prices: dict[str, int]) -> int:
    """Return the number of keys in the dictionary.

    >>> number_of_keys({"tea": 2, "milk": 1})
    2
    """
    return len(prices.keys())


def check_number_of_keys(candidate):
    assert candidate({"tea": 2, "milk": 1}) == 2
    assert candidate({"tea": 2}) == 1
    assert candidate({}) == 0
    assert candidate({"a": 1, "b": 1, "c": 1}) == 3
    assert candidate({"x": 0}) == 1
    assert candidate({"a": 9, "A": 9}) == 2


def sorted_keys(prices: dict[str, int]) -> list[str]:
    """Return the keys of the dictionary as a sorted list.

    >>> sorted_keys({"tea": 2, "milk": 1})
    ['milk', 'tea']
    """
    return sorted(prices.keys())


def check_sorted_keys(candidate):
    assert candidate({"tea": 2, "milk": 1}) == ["milk", "tea"]
    assert candidate({"tea": 2}) == ["tea"]
    assert candidate({}) == []
    assert candidate({"c": 1, "a": 3, "b": 2}) == ["a", "b", "c"]
    assert candidate({"a": 1, "b": 2}) == ["a", "b"]
    assert candidate({"b": 0, "B": 0}) == ["B", "b"]


def sorted_values(prices: dict[str, int]) -> list[int]:
    """Return the values of the dictionary as a sorted list.

    >>> sorted_values({"tea": 2, "milk": 1})
    [1, 2]
    """
    return sorted(prices.values())


def check_sorted_values(candidate):
    assert candidate({"tea": 2, "milk": 1}) == [1, 2]
    assert candidate({"tea": 2}) == [2]
    assert candidate({}) == []
    assert candidate({"a": 1, "c": 3, "b": 2}) == [1, 2, 3]
    assert candidate({"a": 5, "b": 5}) == [5, 5]
    assert candidate({"x": 0, "y": -4}) == [-4, 0]


def sum_of_values(prices: dict[str, int]) -> int:
    """Return the sum of the values of the dictionary.

    >>> sum_of_values({"tea": 2, "milk": 1})
    3
    """
    return sum(prices.values())


def check_sum_of_values(candidate):
    assert candidate({"tea": 2, "milk": 1}) == 3
    assert candidate({"tea": 2}) == 2
    assert candidate({}) == 0
    assert candidate({"a": 1, "b": 1, "c": 1}) == 3
    assert candidate({"x": -3, "y": 3}) == 0
    assert candidate({"a": 10, "b": 20}) == 30


def largest_value(scores: dict[str, int]) -> int:
    """Return the largest value of the dictionary. It is never empty.

    >>> largest_value({"Ann": 3, "Ben": 5})
    5
    """
    return max(scores.values())


def check_largest_value(candidate):
    assert candidate({"Ann": 3, "Ben": 5}) == 5
    assert candidate({"Ann": 3}) == 3
    assert candidate({"z": 1, "a": 9}) == 9
    assert candidate({"a": 1, "z": 0}) == 1
    assert candidate({"x": -3, "y": -1}) == -1
    assert candidate({"a": 4, "b": 4}) == 4


def smallest_value(scores: dict[str, int]) -> int:
    """Return the smallest value of the dictionary. It is never empty.

    >>> smallest_value({"Ann": 3, "Ben": 5})
    3
    """
    return min(scores.values())


def check_smallest_value(candidate):
    assert candidate({"Ann": 3, "Ben": 5}) == 3
    assert candidate({"Ann": 3}) == 3
    assert candidate({"z": 1, "a": 9}) == 1
    assert candidate({"a": 1, "z": 0}) == 0
    assert candidate({"x": -3, "y": -1}) == -3
    assert candidate({"a": 4, "b": 4}) == 4


def add_entry(ages: dict[str, int], name: str, age: int) -> dict[str, int]:
    """Store age under name in the dictionary and return the dictionary.

    >>> add_entry({"Ann": 30}, "Ben", 25)
    {'Ann': 30, 'Ben': 25}
    """
    ages[name] = age
    return ages


def check_add_entry(candidate):
    assert candidate({"Ann": 30}, "Ben", 25) == {"Ann": 30, "Ben": 25}
    assert candidate({}, "Ann", 1) == {"Ann": 1}
    assert candidate({"Ann": 30}, "Ann", 31) == {"Ann": 31}
    assert candidate({"a": 1, "b": 2}, "c", 3) == {"a": 1, "b": 2, "c": 3}
    assert candidate({"a": 1}, "A", 1) == {"a": 1, "A": 1}
    assert candidate({"x": 5}, "y", 0) == {"x": 5, "y": 0}


def remove_key(ages: dict[str, int], key: str) -> dict[str, int]:
    """Remove key from the dictionary and return the dictionary. The key is always there.

    >>> remove_key({"Ann": 30, "Ben": 25}, "Ann")
    {'Ben': 25}
    """
    del ages[key]
    return ages


def check_remove_key(candidate):
    assert candidate({"Ann": 30, "Ben": 25}, "Ann") == {"Ben": 25}
    assert candidate({"Ann": 30, "Ben": 25}, "Ben") == {"Ann": 30}
    assert candidate({"Ann": 30}, "Ann") == {}
    assert candidate({"a": 1, "b": 1, "c": 1}, "b") == {"a": 1, "c": 1}
    assert candidate({"a": 1, "A": 2}, "a") == {"A": 2}
    assert candidate({"x": 0, "y": 0}, "y") == {"x": 0}


def double_values(prices: dict[str, int]) -> dict[str, int]:
    """Return the dictionary with each value doubled.

    >>> double_values({"tea": 2, "milk": 1})
    {'tea': 4, 'milk': 2}
    """
    return {key: value * 2 for key, value in prices.items()}


def check_double_values(candidate):
    assert candidate({"tea": 2, "milk": 1}) == {"tea": 4, "milk": 2}
    assert candidate({"tea": 3}) == {"tea": 6}
    assert candidate({}) == {}
    assert candidate({"x": 0}) == {"x": 0}
    assert candidate({"a": -4, "b": 4}) == {"a": -8, "b": 8}
    assert candidate({"a": 10, "b": 10, "c": 1}) == {"a": 20, "b": 20, "c": 2}


def is_empty_dict(ages: dict[str, int]) -> bool:
    """Return whether the dictionary is empty.

    >>> is_empty_dict({})
    True
    """
    return ages == {}


def check_is_empty_dict(candidate):
    assert candidate({}) is True
    assert candidate({"Ann": 30}) is False
    assert candidate({"x": 0}) is False
    assert candidate({"a": 1, "b": 2}) is False
    assert candidate({"": 0}) is False
    assert candidate({"a": -1}) is False


def is_empty_set(numbers: set[int]) -> bool:
    """Return whether the set is empty.

    >>> is_empty_set({1, 2})
    False
    """
    return len(numbers) == 0


def check_is_empty_set(candidate):
    assert candidate({1, 2}) is False
    assert candidate(set()) is True
    assert candidate({0}) is False
    assert candidate({1}) is False
    assert candidate({-1, 1}) is False
    assert candidate({1, 2, 3}) is False


def sorted_union(first: set[int], second: set[int]) -> list[int]:
    """Return the union of the two sets as a sorted list.

    >>> sorted_union({1, 3}, {2, 3})
    [1, 2, 3]
    """
    return sorted(first | second)


def check_sorted_union(candidate):
    assert candidate({1, 3}, {2, 3}) == [1, 2, 3]
    assert candidate({1}, {2}) == [1, 2]
    assert candidate({2}, {1}) == [1, 2]
    assert candidate({5}, {5}) == [5]
    assert candidate({-1, 0}, {-2, 4}) == [-2, -1, 0, 4]
    assert candidate({1, 2, 3}, {2}) == [1, 2, 3]
    assert candidate(set(), {3, 1}) == [1, 3]
    assert candidate(set(), set()) == []


def sorted_intersection(first: set[int], second: set[int]) -> list[int]:
    """Return the numbers that are in both sets as a sorted list.

    >>> sorted_intersection({1, 2, 3}, {2, 3, 4})
    [2, 3]
    """
    return sorted(first & second)


def check_sorted_intersection(candidate):
    assert candidate({1, 2, 3}, {2, 3, 4}) == [2, 3]
    assert candidate({1}, {2}) == []
    assert candidate({5}, {5}) == [5]
    assert candidate({9, 1, 4}, {4, 9, 1}) == [1, 4, 9]
    assert candidate({-1, 0}, {0, -1, 7}) == [-1, 0]
    assert candidate(set(), {3, 1}) == []


def sorted_difference(first: set[int], second: set[int]) -> list[int]:
    """Return the numbers of first that are not in second as a sorted list.

    >>> sorted_difference({1, 2, 3}, {2})
    [1, 3]
    """
    return sorted(first - second)


def check_sorted_difference(candidate):
    assert candidate({1, 2, 3}, {2}) == [1, 3]
    assert candidate({1}, {2}) == [1]
    assert candidate({5}, {5}) == []
    assert candidate({9, 1, 4}, {4}) == [1, 9]
    assert candidate({2}, {1, 2, 3}) == []
    assert candidate(set(), {3, 1}) == []
    assert candidate({3, 1}, set()) == [1, 3]


def count_different(numbers: list[int]) -> int:
    """Return how many different numbers are in the list.

    >>> count_different([1, 2, 2, 3])
    3
    """
    return len(set(numbers))


def check_count_different(candidate):
    assert candidate([1, 2, 2, 3]) == 3
    assert candidate([5, 5, 5]) == 1
    assert candidate([]) == 0
    assert candidate([7]) == 1
    assert candidate([1, -1, 0]) == 3
    assert candidate([0, 0, 1, 1]) == 2


def all_in_second(first: set[int], second: set[int]) -> bool:
    """Return whether every number in first is also in second.

    >>> all_in_second({1, 2}, {1, 2, 3})
    True
    """
    return first.issubset(second)


def check_all_in_second(candidate):
    assert candidate({1, 2}, {1, 2, 3}) is True
    assert candidate({1, 2, 3}, {1, 2}) is False
    assert candidate({1, 2}, {1, 2}) is True
    assert candidate({1}, {2}) is False
    assert candidate(set(), {1}) is True
    assert candidate({1}, set()) is False
