"""Dictionaries: counting, grouping, inverting, merging, looking up, sorting by value."""

LEVEL = 2


def count_by_length(words: list[str]) -> dict[int, int]:
    """Return a dictionary from each word length that occurs to the number of words of that length.

    >>> count_by_length(["sun", "sky", "rain"])
    {3: 2, 4: 1}
    """
    counts = {}
    for word in words:
        counts[len(word)] = counts.get(len(word), 0) + 1
    return counts


def check_count_by_length(candidate):
    assert candidate(["sun", "sky", "rain"]) == {3: 2, 4: 1}
    assert candidate([]) == {}
    assert candidate([""]) == {0: 1}
    assert candidate(["a", "a", "a"]) == {1: 3}
    assert candidate(["one", "", "three", "seven", ""]) == {3: 1, 0: 2, 5: 2}
    assert candidate(["to be"]) == {5: 1}


def group_by_initial(names: list[str]) -> dict[str, list[str]]:
    """Group the names by their first letter in upper case. Each group keeps the order of the list
    and the names as they are written; empty names are skipped.

    >>> group_by_initial(["Ann", "Bob", "al"])
    {'A': ['Ann', 'al'], 'B': ['Bob']}
    """
    groups = {}
    for name in names:
        if name:
            groups.setdefault(name[0].upper(), []).append(name)
    return groups


def check_group_by_initial(candidate):
    assert candidate(["Ann", "Bob", "al"]) == {"A": ["Ann", "al"], "B": ["Bob"]}
    assert candidate([]) == {}
    assert candidate(["", ""]) == {}
    assert candidate(["zoe"]) == {"Z": ["zoe"]}
    assert candidate(["Cy", "", "Cal", "Cy"]) == {"C": ["Cy", "Cal", "Cy"]}
    assert candidate(["dan", "Eve", "Dan"]) == {"D": ["dan", "Dan"], "E": ["Eve"]}


def names_by_city(homes: dict[str, str]) -> dict[str, list[str]]:
    """The dictionary gives the city of each person. Return a dictionary from each city to the
    alphabetically sorted list of the people who live there.

    >>> names_by_city({"Tom": "Rome", "Ann": "Rome", "Eve": "Oslo"})
    {'Rome': ['Ann', 'Tom'], 'Oslo': ['Eve']}
    """
    people = {}
    for name in sorted(homes):
        people.setdefault(homes[name], []).append(name)
    return people


def check_names_by_city(candidate):
    assert candidate({"Tom": "Rome", "Ann": "Rome", "Eve": "Oslo"}) == {
        "Rome": ["Ann", "Tom"],
        "Oslo": ["Eve"],
    }
    assert candidate({}) == {}
    assert candidate({"Ann": "Ann"}) == {"Ann": ["Ann"]}
    assert candidate({"c": "X", "b": "X", "a": "X"}) == {"X": ["a", "b", "c"]}
    assert candidate({"a": "X", "b": "Y"}) == {"X": ["a"], "Y": ["b"]}
    assert candidate({"d": "X", "c": "Y", "b": "X", "a": "Y"}) == {"X": ["b", "d"], "Y": ["a", "c"]}


def best_scores(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    """Both dictionaries give the scores of players. Return the best score of each player who is in
    at least one of them.

    >>> best_scores({"Ann": 5, "Bob": 9}, {"Ann": 7})
    {'Ann': 7, 'Bob': 9}
    """
    best = dict(first)
    for name, score in second.items():
        if name not in best or score > best[name]:
            best[name] = score
    return best


def check_best_scores(candidate):
    assert candidate({"Ann": 5, "Bob": 9}, {"Ann": 7}) == {"Ann": 7, "Bob": 9}
    assert candidate({}, {}) == {}
    assert candidate({}, {"Ann": 3}) == {"Ann": 3}
    assert candidate({"Ann": 8}, {"Ann": 2}) == {"Ann": 8}
    assert candidate({"Ann": -4}, {"Bob": -2}) == {"Ann": -4, "Bob": -2}
    assert candidate({"Ann": -4, "Bob": 1}, {"Bob": 1, "Ann": -6}) == {"Ann": -4, "Bob": 1}


def basket_total(prices: dict[str, int], basket: list[str]) -> int:
    """Return the total price of the items in the basket. An item may be in the basket several
    times, and an item without a price costs nothing.

    >>> basket_total({"tea": 3, "cake": 5}, ["tea", "cake", "tea"])
    11
    """
    return sum(prices.get(item, 0) for item in basket)


def check_basket_total(candidate):
    assert candidate({"tea": 3, "cake": 5}, ["tea", "cake", "tea"]) == 11
    assert candidate({"tea": 3}, []) == 0
    assert candidate({}, ["tea"]) == 0
    assert candidate({"tea": 3}, ["milk", "tea"]) == 3
    assert candidate({"tea": 3, "cake": 5}, ["cake"]) == 5
    assert candidate({"tea": 3}, ["tea", "tea", "tea", "Tea"]) == 9


def names_by_score(scores: dict[str, int]) -> list[str]:
    """Return the names ordered by their scores, the highest score first. Names with equal scores
    are in alphabetical order.

    >>> names_by_score({"Tom": 4, "Ann": 9, "Eve": 4})
    ['Ann', 'Eve', 'Tom']
    """
    return sorted(scores, key=lambda name: (-scores[name], name))


def check_names_by_score(candidate):
    assert candidate({"Tom": 4, "Ann": 9, "Eve": 4}) == ["Ann", "Eve", "Tom"]
    assert candidate({}) == []
    assert candidate({"Zoe": 0}) == ["Zoe"]
    assert candidate({"a": 1, "b": 2, "c": 3}) == ["c", "b", "a"]
    assert candidate({"c": 5, "b": 5, "a": 5}) == ["a", "b", "c"]
    assert candidate({"a": -2, "b": 0, "c": -1, "d": 0}) == ["b", "d", "c", "a"]


def translate_words(words: list[str], dictionary: dict[str, str]) -> list[str]:
    """Return the words in the same order, each replaced by its translation from the dictionary. A
    word without a translation stays as it is.

    >>> translate_words(["cat", "and", "dog"], {"cat": "gato", "dog": "perro"})
    ['gato', 'and', 'perro']
    """
    return [dictionary.get(word, word) for word in words]


def check_translate_words(candidate):
    assert candidate(["cat", "and", "dog"], {"cat": "gato", "dog": "perro"}) == [
        "gato",
        "and",
        "perro",
    ]
    assert candidate([], {"cat": "gato"}) == []
    assert candidate(["cat", "Cat"], {}) == ["cat", "Cat"]
    assert candidate(["Cat", "cat"], {"cat": "gato"}) == ["Cat", "gato"]
    assert candidate(["a", "b", "a"], {"a": "b", "b": "a"}) == ["b", "a", "b"]
    assert candidate(["um", "no"], {"um": ""}) == ["", "no"]


def least_voted_name(votes: dict[str, int]) -> str | None:
    """Return the name with the fewest votes. Of several such names return the alphabetically first
    one, and for an empty dictionary return None.

    >>> least_voted_name({"Tom": 4, "Ann": 2, "Eve": 7})
    'Ann'
    """
    if not votes:
        return None
    return min(sorted(votes), key=votes.get)


def check_least_voted_name(candidate):
    assert candidate({"Tom": 4, "Ann": 2, "Eve": 7}) == "Ann"
    assert candidate({}) is None
    assert candidate({"Tom": 0}) == "Tom"
    assert candidate({"Tom": 3, "Eve": 3, "Ann": 8}) == "Eve"
    assert candidate({"c": 1, "b": 1, "a": 1}) == "a"
    assert candidate({"a": 5, "b": 6, "c": 0}) == "c"


def first_guest_in_room(rooms: dict[str, int]) -> dict[int, str]:
    """The dictionary gives the room number of each guest. Return a dictionary from each room number
    to its guest; if several guests have the same room, keep the one that comes first in rooms.

    >>> first_guest_in_room({"Ann": 12, "Bob": 7, "Eve": 12})
    {12: 'Ann', 7: 'Bob'}
    """
    guests = {}
    for guest, room in rooms.items():
        if room not in guests:
            guests[room] = guest
    return guests


def check_first_guest_in_room(candidate):
    assert candidate({"Ann": 12, "Bob": 7, "Eve": 12}) == {12: "Ann", 7: "Bob"}
    assert candidate({}) == {}
    assert candidate({"Ann": 0}) == {0: "Ann"}
    assert candidate({"Zoe": 1, "Ann": 1, "Max": 1}) == {1: "Zoe"}
    assert candidate({"Ann": 1, "Bob": 2, "Cid": 3}) == {1: "Ann", 2: "Bob", 3: "Cid"}
    assert candidate({"Tom": 5, "Eve": 4, "Ann": 5, "Bob": 4}) == {5: "Tom", 4: "Eve"}


def changed_settings(old: dict[str, int], new: dict[str, int]) -> list[str]:
    """Return the alphabetically sorted names of the settings that are in both dictionaries but with
    different values.

    >>> changed_settings({"volume": 3, "light": 5}, {"volume": 4, "light": 5})
    ['volume']
    """
    changed = []
    for name in sorted(old):
        if name in new and old[name] != new[name]:
            changed.append(name)
    return changed


def check_changed_settings(candidate):
    assert candidate({"volume": 3, "light": 5}, {"volume": 4, "light": 5}) == ["volume"]
    assert candidate({}, {}) == []
    assert candidate({"a": 1}, {}) == []
    assert candidate({}, {"a": 1}) == []
    assert candidate({"c": 1, "a": 2, "b": 3}, {"b": 0, "c": 0, "a": 2}) == ["b", "c"]
    assert candidate({"a": 1, "b": 2}, {"b": 2, "c": 3}) == []
    assert candidate({"a": 0, "b": 7}, {"a": 1}) == ["a"]


def can_cook_recipe(pantry: dict[str, int], recipe: dict[str, int]) -> bool:
    """Both dictionaries give amounts of ingredients. Return True if the pantry holds at least the
    amount of every ingredient in the recipe; an ingredient not in the pantry has the amount 0.

    >>> can_cook_recipe({"egg": 4, "flour": 2}, {"egg": 3})
    True
    """
    for name, amount in recipe.items():
        if pantry.get(name, 0) < amount:
            return False
    return True


def check_can_cook_recipe(candidate):
    assert candidate({"egg": 4, "flour": 2}, {"egg": 3}) is True
    assert candidate({}, {}) is True
    assert candidate({"egg": 4}, {}) is True
    assert candidate({"egg": 4}, {"egg": 4}) is True
    assert candidate({"egg": 4}, {"egg": 5}) is False
    assert candidate({"egg": 4}, {"egg": 1, "milk": 1}) is False
    assert candidate({"egg": 4}, {"milk": 0}) is True
    assert candidate({"egg": 1, "milk": 9}, {"milk": 9, "egg": 2}) is False


def dish_price(menus: dict[str, dict[str, int]], place: str, dish: str) -> int | None:
    """The dictionary menus gives for each place the prices of its dishes. Return the price of dish
    at place, or None if the place is unknown or does not offer the dish.

    >>> dish_price({"Luigi": {"pizza": 9, "soup": 5}}, "Luigi", "soup")
    5
    """
    return menus.get(place, {}).get(dish)


def check_dish_price(candidate):
    assert candidate({"Luigi": {"pizza": 9, "soup": 5}}, "Luigi", "soup") == 5
    assert candidate({}, "Luigi", "soup") is None
    assert candidate({"Luigi": {}}, "Luigi", "soup") is None
    assert candidate({"Luigi": {"soup": 5}, "Wok": {"rice": 4}}, "Wok", "soup") is None
    assert candidate({"Luigi": {"soup": 5}, "Wok": {"soup": 4}}, "Wok", "soup") == 4
    assert candidate({"Luigi": {"water": 0}}, "Luigi", "water") == 0
    assert candidate({"Luigi": {"water": 0}}, "luigi", "water") is None


def average_by_subject(marks: list[tuple[str, int]]) -> dict[str, float]:
    """Each pair holds a subject and a mark. Return a dictionary from each subject to the average of
    its marks, not rounded.

    >>> average_by_subject([("art", 4), ("math", 2), ("art", 5)])
    {'art': 4.5, 'math': 2.0}
    """
    by_subject = {}
    for subject, mark in marks:
        by_subject.setdefault(subject, []).append(mark)
    return {subject: sum(values) / len(values) for subject, values in by_subject.items()}


def check_average_by_subject(candidate):
    assert candidate([("art", 4), ("math", 2), ("art", 5)]) == {"art": 4.5, "math": 2.0}
    assert candidate([]) == {}
    assert candidate([("art", 0)]) == {"art": 0.0}
    assert candidate([("art", 1), ("art", 2), ("art", 6)]) == {"art": 3.0}
    assert candidate([("a", 1), ("b", 1), ("a", 2), ("b", 4)]) == {"a": 1.5, "b": 2.5}
    assert candidate([("a", 1), ("a", 1), ("a", 1), ("a", 2)]) == {"a": 1.25}


def stock_after_sales(stock: dict[str, int], sold: list[str]) -> dict[str, int]:
    """Return the stock after each item in sold has been taken away once. An item whose amount comes
    down to 0 is left out; a sold item that is not in stock is ignored. No amount in stock is 0.

    >>> stock_after_sales({"pen": 3, "cup": 1}, ["pen", "cup"])
    {'pen': 2}
    """
    left = dict(stock)
    for item in sold:
        if item in left:
            left[item] -= 1
            if left[item] == 0:
                del left[item]
    return left


def check_stock_after_sales(candidate):
    assert candidate({"pen": 3, "cup": 1}, ["pen", "cup"]) == {"pen": 2}
    assert candidate({}, []) == {}
    assert candidate({}, ["pen"]) == {}
    assert candidate({"pen": 3}, []) == {"pen": 3}
    assert candidate({"pen": 2}, ["pen", "pen", "pen"]) == {}
    assert candidate({"pen": 5, "cup": 2}, ["cup", "pen", "box", "pen"]) == {"pen": 3, "cup": 1}


def follow_signs(signs: dict[str, str], start: str) -> list[str]:
    """The dictionary tells which place the sign at a place points to. Return the places visited in
    order from start, following the signs until a place has no sign or the next place was visited
    before; start is the first item of the result.

    >>> follow_signs({"gate": "pond", "pond": "barn"}, "gate")
    ['gate', 'pond', 'barn']
    """
    visited = [start]
    while visited[-1] in signs:
        place = signs[visited[-1]]
        if place in visited:
            break
        visited.append(place)
    return visited


def check_follow_signs(candidate):
    assert candidate({"gate": "pond", "pond": "barn"}, "gate") == ["gate", "pond", "barn"]
    assert candidate({}, "gate") == ["gate"]
    assert candidate({"a": "a"}, "a") == ["a"]
    assert candidate({"a": "b", "b": "a"}, "b") == ["b", "a"]
    assert candidate({"a": "b", "b": "c", "c": "b"}, "a") == ["a", "b", "c"]
    assert candidate({"x": "y", "a": "b", "b": "x"}, "b") == ["b", "x", "y"]
    assert candidate({"a": "b"}, "b") == ["b"]
