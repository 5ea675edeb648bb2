"""Recursion: nested lists and dicts, counting ways, powers."""

LEVEL = 2


def count_nested_word(items: list, word: str) -> int:
    """Return how often word occurs in a list of words and further such lists, nested to any depth.

    >>> count_nested_word(["tea", ["milk", ["tea"]], "jam"], "tea")
    2
    """
    count = 0
    for item in items:
        if isinstance(item, list):
            count += count_nested_word(item, word)
        elif item == word:
            count += 1
    return count


def check_count_nested_word(candidate):
    assert candidate(["tea", ["milk", ["tea"]], "jam"], "tea") == 2
    assert candidate([], "tea") == 0
    assert candidate([[], [[]]], "tea") == 0
    assert candidate(["teapot", ["Tea", "te"]], "tea") == 0
    assert candidate([["a", "a"], "a", ["b", ["a"]]], "a") == 4
    assert candidate([[[["x"]]]], "x") == 1
    assert candidate(["x", "y", "x"], "y") == 1


def add_to_nested(items: list, amount: int) -> list:
    """Return a list of the same shape as items, with amount added to each number in it.

    The items are numbers and further such lists, nested to any depth.

    >>> add_to_nested([1, [2, [3]]], 10)
    [11, [12, [13]]]
    """
    result = []
    for item in items:
        if isinstance(item, list):
            result.append(add_to_nested(item, amount))
        else:
            result.append(item + amount)
    return result


def check_add_to_nested(candidate):
    assert candidate([1, [2, [3]]], 10) == [11, [12, [13]]]
    assert candidate([], 5) == []
    assert candidate([[], [[]]], 5) == [[], [[]]]
    assert candidate([4, 0, -4], 4) == [8, 4, 0]
    assert candidate([[7], 8, [9, 10]], -1) == [[6], 7, [8, 9]]
    assert candidate([[[1]], 2], 0) == [[[1]], 2]


def folder_size(folder: dict) -> int:
    """Return the total size of all files in a folder and in all the folders inside it.

    A folder maps each name to a file's size (an int) or to another folder (a dict).

    >>> folder_size({"a.txt": 3, "pictures": {"b.png": 40, "c.png": 2}})
    45
    """
    total = 0
    for entry in folder.values():
        if isinstance(entry, dict):
            total += folder_size(entry)
        else:
            total += entry
    return total


def check_folder_size(candidate):
    assert candidate({"a.txt": 3, "pictures": {"b.png": 40, "c.png": 2}}) == 45
    assert candidate({}) == 0
    assert candidate({"empty": {}}) == 0
    assert candidate({"a": 5}) == 5
    assert candidate({"a": {"b": {"c": {"d": 9}}}}) == 9
    assert candidate({"a": 1, "b": {"a": 1, "b": {"a": 1}}, "c": 10}) == 13
    assert candidate({"a": 0, "b": {"c": 0}}) == 0


def folder_has_file(folder: dict, name: str) -> bool:
    """Return whether a file called name is in a folder or in any of the folders inside it.

    A folder maps each name to a file's size (an int) or to another folder (a dict). The name of
    a folder does not count.

    >>> folder_has_file({"music": {"song": 7}}, "song")
    True
    >>> folder_has_file({"music": {"song": 7}}, "music")
    False
    """
    for key, entry in folder.items():
        if isinstance(entry, dict):
            if folder_has_file(entry, name):
                return True
        elif key == name:
            return True
    return False


def check_folder_has_file(candidate):
    assert candidate({"music": {"song": 7}}, "song") is True
    assert candidate({"music": {"song": 7}}, "music") is False
    assert candidate({}, "song") is False
    assert candidate({"song": 0}, "song") is True
    assert candidate({"x": {}, "y": {"z": {"w": 1}}, "v": 2}, "w") is True
    assert candidate({"x": {}, "y": {"z": {"w": 1}}, "v": 2}, "v") is True
    assert candidate({"x": {}, "y": {"z": {"w": 1}}, "v": 2}, "z") is False
    assert candidate({"a": {"b": 1}, "c": {"a": 2}}, "a") is True
    assert candidate({"songs": 4}, "song") is False


def climb_ways(steps: int) -> int:
    """Return in how many ways a stair can be climbed, taking 1 or 3 steps at a time in any order.

    There is one way to climb 0 steps, and none for a negative number.

    >>> climb_ways(4)
    3
    """
    if steps < 0:
        return 0
    if steps == 0:
        return 1
    return climb_ways(steps - 1) + climb_ways(steps - 3)


def check_climb_ways(candidate):
    assert candidate(4) == 3
    assert candidate(0) == 1
    assert candidate(-1) == 0
    assert candidate(1) == 1
    assert candidate(2) == 1
    assert candidate(3) == 2
    assert candidate(6) == 6
    assert candidate(10) == 28


def knockout_rounds(players: int) -> int:
    """Return how many rounds a knockout contest needs until one player is left.

    In each round players meet in pairs and the losers leave; a player without a partner stays in.
    No round is needed for 1 player or none.

    >>> knockout_rounds(8)
    3
    >>> knockout_rounds(5)
    3
    """
    if players <= 1:
        return 0
    return 1 + knockout_rounds((players + 1) // 2)


def check_knockout_rounds(candidate):
    assert candidate(8) == 3
    assert candidate(5) == 3
    assert candidate(0) == 0
    assert candidate(1) == 0
    assert candidate(2) == 1
    assert candidate(3) == 2
    assert candidate(4) == 2
    assert candidate(9) == 4
    assert candidate(64) == 6


def sum_of_powers(base: int, highest: int) -> int:
    """Return 1 + base + base**2 + ... up to base**highest, where highest is at least 0.

    >>> sum_of_powers(2, 3)
    15
    >>> sum_of_powers(5, 0)
    1
    """
    if highest == 0:
        return 1
    return base**highest + sum_of_powers(base, highest - 1)


def check_sum_of_powers(candidate):
    assert candidate(2, 3) == 15
    assert candidate(5, 0) == 1
    assert candidate(5, 1) == 6
    assert candidate(3, 3) == 40
    assert candidate(1, 6) == 7
    assert candidate(0, 4) == 1
    assert candidate(-2, 3) == -5
    assert candidate(10, 4) == 11111


def down_and_up(n: int) -> list[int]:
    """Return the numbers from n down to 0 and back up to n, with 0 only once; n is at least 0.

    >>> down_and_up(2)
    [2, 1, 0, 1, 2]
    """
    if n == 0:
        return [0]
    return [n] + down_and_up(n - 1) + [n]


def check_down_and_up(candidate):
    assert candidate(2) == [2, 1, 0, 1, 2]
    assert candidate(0) == [0]
    assert candidate(1) == [1, 0, 1]
    assert candidate(3) == [3, 2, 1, 0, 1, 2, 3]
    assert candidate(4) == [4, 3, 2, 1, 0, 1, 2, 3, 4]
    assert candidate(5) == [5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5]


def wrap_in_brackets(text: str, times: int) -> str:
    """Return text inside as many pairs of square brackets as times says.

    Return text unchanged if times is 0 or negative.

    >>> wrap_in_brackets("hi", 2)
    '[[hi]]'
    """
    if times <= 0:
        return text
    return "[" + wrap_in_brackets(text, times - 1) + "]"


def check_wrap_in_brackets(candidate):
    assert candidate("hi", 2) == "[[hi]]"
    assert candidate("hi", 0) == "hi"
    assert candidate("hi", -3) == "hi"
    assert candidate("", 1) == "[]"
    assert candidate("", 0) == ""
    assert candidate("[a]", 1) == "[[a]]"
    assert candidate("b c", 4) == "[[[[b c]]]]"


def team_size(leader: str, members: dict[str, list[str]]) -> int:
    """Return how many people are below leader: the people they lead, those these lead, and so on.

    A person who is no key of members leads nobody. Nobody has two leaders or leads in a circle.

    >>> team_size("Ann", {"Ann": ["Bob", "Cid"], "Bob": ["Dan"]})
    3
    """
    total = 0
    for person in members.get(leader, []):
        total += 1 + team_size(person, members)
    return total


def check_team_size(candidate):
    assert candidate("Ann", {"Ann": ["Bob", "Cid"], "Bob": ["Dan"]}) == 3
    assert candidate("Bob", {"Ann": ["Bob", "Cid"], "Bob": ["Dan"]}) == 1
    assert candidate("Dan", {"Ann": ["Bob", "Cid"], "Bob": ["Dan"]}) == 0
    assert candidate("Ann", {}) == 0
    assert candidate("Ann", {"Ann": []}) == 0
    assert candidate("a", {"a": ["b"], "b": ["c"], "c": ["d", "e"], "x": ["y"]}) == 4
    assert candidate("x", {"a": ["b"], "b": ["c"], "c": ["d", "e"], "x": ["y"]}) == 1
