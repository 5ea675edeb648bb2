"""Pairs: points, ranges and other small tuples, and sets."""

LEVEL = 1


def swap_pair(pair: tuple[int, int]) -> tuple[int, int]:
    """Return the pair with its two numbers swapped.

    >>> swap_pair((1, 2))
    (2, 1)
    """
    return (pair[1], pair[0])


def check_swap_pair(candidate):
    assert candidate((1, 2)) == (2, 1)
    assert candidate((2, 1)) == (1, 2)
    assert candidate((5, 5)) == (5, 5)
    assert candidate((0, -3)) == (-3, 0)
    assert candidate((10, 7)) == (7, 10)
    assert candidate((-1, 1)) == (1, -1)


def ordered_pair(a: int, b: int) -> tuple[int, int]:
    """Return the two numbers as a tuple, the smaller one first.

    >>> ordered_pair(5, 2)
    (2, 5)
    """
    return (min(a, b), max(a, b))


def check_ordered_pair(candidate):
    assert candidate(5, 2) == (2, 5)
    assert candidate(2, 5) == (2, 5)
    assert candidate(3, 3) == (3, 3)
    assert candidate(0, -1) == (-1, 0)
    assert candidate(-4, -2) == (-4, -2)
    assert candidate(100, 99) == (99, 100)


def is_origin(point: tuple[int, int]) -> bool:
    """Return whether both numbers of the point are 0.

    >>> is_origin((0, 3))
    False
    """
    return point == (0, 0)


def check_is_origin(candidate):
    assert candidate((0, 3)) is False
    assert candidate((0, 0)) is True
    assert candidate((3, 0)) is False
    assert candidate((1, 0)) is False
    assert candidate((0, 1)) is False
    assert candidate((2, -2)) is False
    assert candidate((-1, -1)) is False


def move_right(point: tuple[int, int], steps: int) -> tuple[int, int]:
    """A point is a tuple (x, y). Return the point with steps added to x.

    >>> move_right((2, 3), 5)
    (7, 3)
    """
    x, y = point
    return (x + steps, y)


def check_move_right(candidate):
    assert candidate((2, 3), 5) == (7, 3)
    assert candidate((2, 3), 0) == (2, 3)
    assert candidate((0, 0), 1) == (1, 0)
    assert candidate((4, 4), -4) == (0, 4)
    assert candidate((-5, -1), 2) == (-3, -1)
    assert candidate((1, 9), 10) == (11, 9)


def mirror_point(point: tuple[int, int]) -> tuple[int, int]:
    """A point is a tuple (x, y). Return the point with the opposite sign of y and the same x.

    >>> mirror_point((2, 3))
    (2, -3)
    """
    x, y = point
    return (x, -y)


def check_mirror_point(candidate):
    assert candidate((2, 3)) == (2, -3)
    assert candidate((2, -3)) == (2, 3)
    assert candidate((-4, 1)) == (-4, -1)
    assert candidate((5, 0)) == (5, 0)
    assert candidate((0, 5)) == (0, -5)
    assert candidate((-1, -1)) == (-1, 1)


def is_higher_point(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Points are tuples (x, y). Return whether the first point has a greater y than the second.

    >>> is_higher_point((0, 5), (9, 2))
    True
    """
    return first[1] > second[1]


def check_is_higher_point(candidate):
    assert candidate((0, 5), (9, 2)) is True
    assert candidate((9, 2), (0, 5)) is False
    assert candidate((3, 4), (1, 4)) is False
    assert candidate((0, 0), (0, 0)) is False
    assert candidate((1, 1), (2, 0)) is True
    assert candidate((7, -3), (1, -2)) is False
    assert candidate((1, -1), (7, -2)) is True


def steps_between_points(first: tuple[int, int], second: tuple[int, int]) -> int:
    """Points are tuples (x, y). Return the distance of the two x plus the distance of the two y.
    Distances are never negative.

    >>> steps_between_points((1, 1), (4, 3))
    5
    """
    return abs(first[0] - second[0]) + abs(first[1] - second[1])


def check_steps_between_points(candidate):
    assert candidate((1, 1), (4, 3)) == 5
    assert candidate((4, 3), (1, 1)) == 5
    assert candidate((2, 7), (2, 7)) == 0
    assert candidate((0, 5), (3, 1)) == 7
    assert candidate((-2, 0), (2, 0)) == 4
    assert candidate((0, -1), (0, 1)) == 2
    assert candidate((-1, -1), (-3, -4)) == 5


def count_in_range(bounds: tuple[int, int]) -> int:
    """The bounds are a tuple (low, high), and low is never greater than high. Return how many whole
    numbers there are from low to high, both included.

    >>> count_in_range((3, 5))
    3
    """
    low, high = bounds
    return high - low + 1


def check_count_in_range(candidate):
    assert candidate((3, 5)) == 3
    assert candidate((4, 4)) == 1
    assert candidate((0, 1)) == 2
    assert candidate((-2, 2)) == 5
    assert candidate((1, 100)) == 100
    assert candidate((-7, -5)) == 3


def is_outside_range(n: int, bounds: tuple[int, int]) -> bool:
    """The bounds are a tuple (low, high). Return whether n is less than low or greater than high.

    >>> is_outside_range(9, (1, 5))
    True
    """
    low, high = bounds
    return n < low or n > high


def check_is_outside_range(candidate):
    assert candidate(9, (1, 5)) is True
    assert candidate(3, (1, 5)) is False
    assert candidate(1, (1, 5)) is False
    assert candidate(5, (1, 5)) is False
    assert candidate(0, (1, 5)) is True
    assert candidate(6, (1, 5)) is True
    assert candidate(-2, (-2, -2)) is False
    assert candidate(2, (-2, -2)) is True


def ranges_overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Ranges are tuples (low, high), both ends included. Return whether the two ranges have at
    least one number in common.

    >>> ranges_overlap((1, 5), (4, 8))
    True
    """
    return first[0] <= second[1] and second[0] <= first[1]


def check_ranges_overlap(candidate):
    assert candidate((1, 5), (4, 8)) is True
    assert candidate((4, 8), (1, 5)) is True
    assert candidate((1, 3), (4, 6)) is False
    assert candidate((4, 6), (1, 3)) is False
    assert candidate((1, 3), (3, 6)) is True
    assert candidate((3, 6), (1, 3)) is True
    assert candidate((0, 9), (4, 5)) is True
    assert candidate((4, 5), (0, 9)) is True
    assert candidate((2, 2), (2, 2)) is True


def introduce_person(person: tuple[str, int]) -> str:
    """A person is a tuple (name, age). Return a text of the name, " is " and the age.

    >>> introduce_person(("Ann", 30))
    'Ann is 30'
    """
    name, age = person
    return name + " is " + str(age)


def check_introduce_person(candidate):
    assert candidate(("Ann", 30)) == "Ann is 30"
    assert candidate(("Ben", 0)) == "Ben is 0"
    assert candidate(("eve", 7)) == "eve is 7"
    assert candidate(("Mary Ann", 101)) == "Mary Ann is 101"
    assert candidate(("", 5)) == " is 5"
    assert candidate(("is", 1)) == "is is 1"


def rotate_triple(triple: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the three numbers with the first one moved to the end.

    >>> rotate_triple((1, 2, 3))
    (2, 3, 1)
    """
    a, b, c = triple
    return (b, c, a)


def check_rotate_triple(candidate):
    assert candidate((1, 2, 3)) == (2, 3, 1)
    assert candidate((3, 2, 1)) == (2, 1, 3)
    assert candidate((0, 0, 5)) == (0, 5, 0)
    assert candidate((4, 4, 4)) == (4, 4, 4)
    assert candidate((-1, 0, 1)) == (0, 1, -1)
    assert candidate((9, 7, 8)) == (7, 8, 9)


def areas_of_rectangles(sizes: list[tuple[int, int]]) -> list[int]:
    """Each tuple is (width, height). Return the list of the widths times the heights.

    >>> areas_of_rectangles([(2, 3), (4, 5)])
    [6, 20]
    """
    return [width * height for width, height in sizes]


def check_areas_of_rectangles(candidate):
    assert candidate([(2, 3), (4, 5)]) == [6, 20]
    assert candidate([]) == []
    assert candidate([(7, 1)]) == [7]
    assert candidate([(0, 9), (9, 0)]) == [0, 0]
    assert candidate([(3, 3), (3, 3)]) == [9, 9]
    assert candidate([(10, 2), (1, 1), (5, 4)]) == [20, 1, 20]


def match_result(score: tuple[int, int]) -> str:
    """The score is a tuple (home, away). Return "home" if home is greater, "away" if away is
    greater, and "draw" if they are equal.

    >>> match_result((3, 1))
    'home'
    """
    home, away = score
    if home > away:
        return "home"
    if home < away:
        return "away"
    return "draw"


def check_match_result(candidate):
    assert candidate((3, 1)) == "home"
    assert candidate((1, 3)) == "away"
    assert candidate((2, 2)) == "draw"
    assert candidate((0, 0)) == "draw"
    assert candidate((1, 0)) == "home"
    assert candidate((0, 1)) == "away"
    assert candidate((10, 9)) == "home"


def same_domino(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Return whether the two pairs hold the same two numbers, in the same or in swapped order.

    >>> same_domino((2, 5), (5, 2))
    True
    """
    return first == second or first == (second[1], second[0])


def check_same_domino(candidate):
    assert candidate((2, 5), (5, 2)) is True
    assert candidate((2, 5), (2, 5)) is True
    assert candidate((2, 5), (2, 6)) is False
    assert candidate((2, 5), (6, 2)) is False
    assert candidate((3, 3), (3, 3)) is True
    assert candidate((3, 3), (3, 4)) is False
    assert candidate((1, 4), (2, 3)) is False
    assert candidate((0, 1), (1, 1)) is False


def count_common_members(first: set[str], second: set[str]) -> int:
    """Return how many members the two sets have in common.

    >>> count_common_members({"Ann", "Ben"}, {"Ben", "Eve"})
    1
    """
    return len(first & second)


def check_count_common_members(candidate):
    assert candidate({"Ann", "Ben"}, {"Ben", "Eve"}) == 1
    assert candidate({"Ann"}, {"Ben"}) == 0
    assert candidate(set(), {"Ann"}) == 0
    assert candidate(set(), set()) == 0
    assert candidate({"a", "b"}, {"b", "a"}) == 2
    assert candidate({"a", "b", "c"}, {"c", "b", "a", "d"}) == 3
    assert candidate({"Ann"}, {"ann"}) == 0


def in_all_three_sets(first: set[int], second: set[int], third: set[int]) -> set[int]:
    """Return the set of the numbers that are in all three sets.

    >>> in_all_three_sets({1, 2, 3}, {2, 3}, {3, 4})
    {3}
    """
    return first & second & third


def check_in_all_three_sets(candidate):
    assert candidate({1, 2, 3}, {2, 3}, {3, 4}) == {3}
    assert candidate({1}, {1}, {1}) == {1}
    assert candidate({1, 2}, {1, 2}, {3}) == set()
    assert candidate({5}, {1, 2}, {1, 2}) == set()
    assert candidate({1, 2}, {5}, {1, 2}) == set()
    assert candidate({0, -1, 7}, {7, 0, -1}, {-1, 0}) == {0, -1}
    assert candidate(set(), set(), set()) == set()


def invite_guest(guests: set[str], name: str) -> set[str]:
    """Return the set of guests with name added to it. A name that is already there stays.

    >>> invite_guest({"Ann"}, "Ann")
    {'Ann'}
    """
    return guests | {name}


def check_invite_guest(candidate):
    assert candidate({"Ann"}, "Ann") == {"Ann"}
    assert candidate({"Ann"}, "Ben") == {"Ann", "Ben"}
    assert candidate(set(), "Ben") == {"Ben"}
    assert candidate({"Ann", "Ben"}, "Eve") == {"Ann", "Ben", "Eve"}
    assert candidate({"Ann", "Ben"}, "Ben") == {"Ann", "Ben"}
    assert candidate({"ann"}, "Ann") == {"ann", "Ann"}


def is_new_word(word: str, known: set[str]) -> bool:
    """Return whether word is not in the set of known words.

    >>> is_new_word("tree", {"sun", "tree"})
    False
    """
    return word not in known


def check_is_new_word(candidate):
    assert candidate("tree", {"sun", "tree"}) is False
    assert candidate("moon", {"sun", "tree"}) is True
    assert candidate("sun", {"sun"}) is False
    assert candidate("sun", set()) is True
    assert candidate("Sun", {"sun"}) is True
    assert candidate("su", {"sun"}) is True
    assert candidate("", {"a"}) is True


def unique_first_letters(words: list[str]) -> set[str]:
    """Return the set of the first letters of the words. No word is empty.

    >>> unique_first_letters(["tea", "toast"])
    {'t'}
    """
    return {word[0] for word in words}


def check_unique_first_letters(candidate):
    assert candidate(["tea", "toast"]) == {"t"}
    assert candidate(["tea", "milk"]) == {"t", "m"}
    assert candidate([]) == set()
    assert candidate(["a"]) == {"a"}
    assert candidate(["Ann", "ant"]) == {"A", "a"}
    assert candidate(["one", "two", "three", "on"]) == {"o", "t"}
