"""Sequences: slices, adding, removing, joining, filtering, pairs and positions in lists."""

LEVEL = 1


def last_three_items(items: list[int]) -> list[int]:
    """Return the last three items of the list. Return all of them if there are fewer than three.

    >>> last_three_items([1, 2, 3, 4, 5])
    [3, 4, 5]
    """
    return items[-3:]


def check_last_three_items(candidate):
    assert candidate([1, 2, 3, 4, 5]) == [3, 4, 5]
    assert candidate([9, 8, 7, 6]) == [8, 7, 6]
    assert candidate([1, 2, 3]) == [1, 2, 3]
    assert candidate([4, 5]) == [4, 5]
    assert candidate([0]) == [0]
    assert candidate([]) == []


def every_second_backwards(items: list[str]) -> list[str]:
    """Return every second item, going backwards from the last item, which is included.

    >>> every_second_backwards(["a", "b", "c", "d", "e"])
    ['e', 'c', 'a']
    """
    return items[::-2]


def check_every_second_backwards(candidate):
    assert candidate(["a", "b", "c", "d", "e"]) == ["e", "c", "a"]
    assert candidate(["a", "b", "c", "d"]) == ["d", "b"]
    assert candidate(["x", "y", "z"]) == ["z", "x"]
    assert candidate(["x", "y"]) == ["y"]
    assert candidate(["x"]) == ["x"]
    assert candidate([]) == []


def items_from_to(items: list[str], start: int, end: int) -> list[str]:
    """Return the items from position start to position end, both included. Positions count from 0,
    and start is never greater than end.

    >>> items_from_to(["a", "b", "c", "d"], 1, 2)
    ['b', 'c']
    """
    return items[start : end + 1]


def check_items_from_to(candidate):
    assert candidate(["a", "b", "c", "d"], 1, 2) == ["b", "c"]
    assert candidate(["a", "b", "c", "d"], 0, 3) == ["a", "b", "c", "d"]
    assert candidate(["a", "b", "c", "d"], 0, 0) == ["a"]
    assert candidate(["a", "b", "c", "d"], 3, 3) == ["d"]
    assert candidate(["x", "y", "z"], 1, 2) == ["y", "z"]
    assert candidate(["x"], 0, 0) == ["x"]


def add_at_front(items: list[int], item: int) -> list[int]:
    """Return the list with item added at the front.

    >>> add_at_front([2, 3], 1)
    [1, 2, 3]
    """
    return [item] + items


def check_add_at_front(candidate):
    assert candidate([2, 3], 1) == [1, 2, 3]
    assert candidate([], 5) == [5]
    assert candidate([7], 7) == [7, 7]
    assert candidate([1], 2) == [2, 1]
    assert candidate([3, 2, 1], 0) == [0, 3, 2, 1]
    assert candidate([4, 4], -4) == [-4, 4, 4]


def insert_item_at(items: list[str], position: int, item: str) -> list[str]:
    """Insert item into the list so that it stands at the given position, counted from 0, and return
    the list. The position is at most the length of the list.

    >>> insert_item_at(["a", "c"], 1, "b")
    ['a', 'b', 'c']
    """
    items.insert(position, item)
    return items


def check_insert_item_at(candidate):
    assert candidate(["a", "c"], 1, "b") == ["a", "b", "c"]
    assert candidate(["a", "c"], 0, "b") == ["b", "a", "c"]
    assert candidate(["a", "c"], 2, "b") == ["a", "c", "b"]
    assert candidate([], 0, "x") == ["x"]
    assert candidate(["x", "y", "z"], 1, "new") == ["x", "new", "y", "z"]
    assert candidate(["x", "y", "z"], 2, "x") == ["x", "y", "x", "z"]


def remove_word_once(words: list[str], word: str) -> list[str]:
    """Remove the first occurrence of word from the list and return the list. The word is always in
    the list.

    >>> remove_word_once(["tea", "milk", "tea"], "tea")
    ['milk', 'tea']
    """
    words.remove(word)
    return words


def check_remove_word_once(candidate):
    assert candidate(["tea", "milk", "tea"], "tea") == ["milk", "tea"]
    assert candidate(["tea", "milk", "tea"], "milk") == ["tea", "tea"]
    assert candidate(["tea"], "tea") == []
    assert candidate(["a", "b", "c"], "c") == ["a", "b"]
    assert candidate(["x", "x", "x"], "x") == ["x", "x"]
    assert candidate(["b", "a", "b", "c"], "b") == ["a", "b", "c"]


def join_with_zero(first: list[int], second: list[int]) -> list[int]:
    """Return the two lists joined into one list, with a 0 between them.

    >>> join_with_zero([1, 2], [3])
    [1, 2, 0, 3]
    """
    return first + [0] + second


def check_join_with_zero(candidate):
    assert candidate([1, 2], [3]) == [1, 2, 0, 3]
    assert candidate([3], [1, 2]) == [3, 0, 1, 2]
    assert candidate([], []) == [0]
    assert candidate([5], []) == [5, 0]
    assert candidate([], [5]) == [0, 5]
    assert candidate([0], [0]) == [0, 0, 0]


def item_after(items: list[str], item: str) -> str:
    """Return the item that comes right after the first occurrence of item. There is always one.

    >>> item_after(["red", "green", "blue"], "red")
    'green'
    """
    return items[items.index(item) + 1]


def check_item_after(candidate):
    assert candidate(["red", "green", "blue"], "red") == "green"
    assert candidate(["red", "green", "blue"], "green") == "blue"
    assert candidate(["a", "b"], "a") == "b"
    assert candidate(["a", "b", "a", "c"], "a") == "b"
    assert candidate(["x", "x"], "x") == "x"
    assert candidate(["one", "two", "three", "four"], "three") == "four"


def swap_first_two(items: list[int]) -> list[int]:
    """Return the list with its first two items swapped. The list has at least two items.

    >>> swap_first_two([1, 2, 3, 4])
    [2, 1, 3, 4]
    """
    return [items[1], items[0]] + items[2:]


def check_swap_first_two(candidate):
    assert candidate([1, 2, 3, 4]) == [2, 1, 3, 4]
    assert candidate([1, 2]) == [2, 1]
    assert candidate([5, 0, 7]) == [0, 5, 7]
    assert candidate([6, 6, 1]) == [6, 6, 1]
    assert candidate([-1, 3, -1, 3]) == [3, -1, -1, 3]
    assert candidate([9, 8, 7, 6, 5]) == [8, 9, 7, 6, 5]


def without_empty_words(words: list[str]) -> list[str]:
    """Return the list without the words that are empty.

    >>> without_empty_words(["a", "", "b"])
    ['a', 'b']
    """
    return [word for word in words if word != ""]


def check_without_empty_words(candidate):
    assert candidate(["a", "", "b"]) == ["a", "b"]
    assert candidate(["a", "b"]) == ["a", "b"]
    assert candidate(["", "", ""]) == []
    assert candidate([]) == []
    assert candidate(["", "x"]) == ["x"]
    assert candidate([" ", ""]) == [" "]


def single_digit_numbers(numbers: list[int]) -> list[int]:
    """Return the numbers that are at least 0 and at most 9.

    >>> single_digit_numbers([5, 12, 7])
    [5, 7]
    """
    return [n for n in numbers if 0 <= n <= 9]


def check_single_digit_numbers(candidate):
    assert candidate([5, 12, 7]) == [5, 7]
    assert candidate([9, 10, 8]) == [9, 8]
    assert candidate([-1, 0, 1]) == [0, 1]
    assert candidate([100, -5]) == []
    assert candidate([]) == []
    assert candidate([3, 3, 30]) == [3, 3]


def menu_lines(dishes: list[str], prices: list[int]) -> list[str]:
    """Return the list of the lines of a menu: each dish, a colon, a space and the price at the same
    position. The lists have the same length.

    >>> menu_lines(["soup", "rice"], [4, 7])
    ['soup: 4', 'rice: 7']
    """
    return [dish + ": " + str(price) for dish, price in zip(dishes, prices)]


def check_menu_lines(candidate):
    assert candidate(["soup", "rice"], [4, 7]) == ["soup: 4", "rice: 7"]
    assert candidate(["soup"], [0]) == ["soup: 0"]
    assert candidate([], []) == []
    assert candidate(["tea", "tea"], [2, 2]) == ["tea: 2", "tea: 2"]
    assert candidate(["a", "b", "c"], [30, 20, 10]) == ["a: 30", "b: 20", "c: 10"]
    assert candidate(["fish and chips"], [12]) == ["fish and chips: 12"]


def sum_of_products(first: list[int], second: list[int]) -> int:
    """Return the sum of the products of the numbers at the same positions of the two lists. The
    lists have the same length, and empty lists give 0.

    >>> sum_of_products([2, 5], [3, 1])
    11
    """
    return sum(a * b for a, b in zip(first, second))


def check_sum_of_products(candidate):
    assert candidate([2, 5], [3, 1]) == 11
    assert candidate([4], [6]) == 24
    assert candidate([], []) == 0
    assert candidate([7, 8], [0, 1]) == 8
    assert candidate([1, 2, 3], [1, 2, 3]) == 14
    assert candidate([-1, 3], [4, 2]) == 2


def positions_of_word(words: list[str], word: str) -> list[int]:
    """Return the list of all positions, counted from 0, where word is in the list.

    >>> positions_of_word(["yes", "no", "yes"], "yes")
    [0, 2]
    """
    return [i for i, other in enumerate(words) if other == word]


def check_positions_of_word(candidate):
    assert candidate(["yes", "no", "yes"], "yes") == [0, 2]
    assert candidate(["yes", "no", "yes"], "no") == [1]
    assert candidate(["yes", "no"], "maybe") == []
    assert candidate([], "yes") == []
    assert candidate(["a", "a", "a"], "a") == [0, 1, 2]
    assert candidate(["A", "a", "aa"], "a") == [1]


def add_position_to_each(numbers: list[int]) -> list[int]:
    """Return the list with its position added to each number. The first position is 0.

    >>> add_position_to_each([10, 20, 30])
    [10, 21, 32]
    """
    return [n + i for i, n in enumerate(numbers)]


def check_add_position_to_each(candidate):
    assert candidate([10, 20, 30]) == [10, 21, 32]
    assert candidate([0, 0, 0, 0]) == [0, 1, 2, 3]
    assert candidate([5]) == [5]
    assert candidate([]) == []
    assert candidate([0, -1, -2]) == [0, 0, 0]
    assert candidate([7, 7]) == [7, 8]


def has_long_word(words: list[str]) -> bool:
    """Return whether any of the words has more than five letters.

    >>> has_long_word(["cat", "elephant"])
    True
    """
    return any(len(word) > 5 for word in words)


def check_has_long_word(candidate):
    assert candidate(["cat", "elephant"]) is True
    assert candidate(["cat", "dog"]) is False
    assert candidate(["horse"]) is False
    assert candidate(["rabbit"]) is True
    assert candidate(["a", "rabbit", "b"]) is True
    assert candidate([]) is False
    assert candidate(["one", "two", "three"]) is False


def all_multiples_of_ten(numbers: list[int]) -> bool:
    """Return whether all of the numbers can be divided by 10 without a remainder. An empty list
    gives True.

    >>> all_multiples_of_ten([10, 50])
    True
    """
    return all(n % 10 == 0 for n in numbers)


def check_all_multiples_of_ten(candidate):
    assert candidate([10, 50]) is True
    assert candidate([10, 55]) is False
    assert candidate([5, 20]) is False
    assert candidate([0]) is True
    assert candidate([]) is True
    assert candidate([-30, 100]) is True
    assert candidate([1]) is False
    assert candidate([11]) is False


def longer_list(first: list[int], second: list[int]) -> list[int]:
    """Return the list that has more items. Return first if they have the same length.

    >>> longer_list([1, 2, 3], [9, 8])
    [1, 2, 3]
    """
    if len(first) >= len(second):
        return first
    return second


def check_longer_list(candidate):
    assert candidate([1, 2, 3], [9, 8]) == [1, 2, 3]
    assert candidate([9, 8], [1, 2, 3]) == [1, 2, 3]
    assert candidate([1, 2], [3, 4]) == [1, 2]
    assert candidate([3, 4], [1, 2]) == [3, 4]
    assert candidate([], [7]) == [7]
    assert candidate([0], []) == [0]
    assert candidate([], []) == []


def route_text(stops: list[str]) -> str:
    """Return the stops joined into one text, with " to " between every two of them.

    >>> route_text(["home", "school", "park"])
    'home to school to park'
    """
    return " to ".join(stops)


def check_route_text(candidate):
    assert candidate(["home", "school", "park"]) == "home to school to park"
    assert candidate(["home", "school"]) == "home to school"
    assert candidate(["home"]) == "home"
    assert candidate([]) == ""
    assert candidate(["a", "a"]) == "a to a"
    assert candidate(["New York", "Rome"]) == "New York to Rome"


def list_begins_with(items: list[int], beginning: list[int]) -> bool:
    """Return whether the first items of the list are the items of beginning, in the same order. An
    empty beginning gives True.

    >>> list_begins_with([1, 2, 3], [1, 2])
    True
    """
    return items[: len(beginning)] == beginning


def check_list_begins_with(candidate):
    assert candidate([1, 2, 3], [1, 2]) is True
    assert candidate([1, 2, 3], [2, 3]) is False
    assert candidate([1, 2, 3], [2, 1]) is False
    assert candidate([1, 2, 3], [1, 2, 3]) is True
    assert candidate([1, 2], [1, 2, 3]) is False
    assert candidate([4, 5], []) is True
    assert candidate([], [1]) is False
