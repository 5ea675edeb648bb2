"""Lists: selecting, comparing neighbours, rearranging, splitting, ranking."""

LEVEL = 2


def warmer_than_yesterday(temps: list[int]) -> int:
    """Count the days that were strictly warmer than the day just before them. The first day never
    counts.

    >>> warmer_than_yesterday([10, 12, 11, 15])
    2
    """
    count = 0
    for i in range(1, len(temps)):
        if temps[i] > temps[i - 1]:
            count += 1
    return count


def check_warmer_than_yesterday(candidate):
    assert candidate([10, 12, 11, 15]) == 2
    assert candidate([]) == 0
    assert candidate([7]) == 0
    assert candidate([5, 5, 5]) == 0
    assert candidate([9, 4, 1, 8]) == 1
    assert candidate([-5, -3, 0, 0, 2]) == 3
    assert candidate([1, 2]) == 1


def cap_scores(scores: list[int], highest: int) -> list[int]:
    """Return the scores in the same order, with each score above highest replaced by highest.

    >>> cap_scores([50, 120, 99], 100)
    [50, 100, 99]
    """
    return [min(score, highest) for score in scores]


def check_cap_scores(candidate):
    assert candidate([50, 120, 99], 100) == [50, 100, 99]
    assert candidate([], 10) == []
    assert candidate([10, 11, 9], 10) == [10, 10, 9]
    assert candidate([3, 2, 1], 5) == [3, 2, 1]
    assert candidate([7, 8, 9], 0) == [0, 0, 0]
    assert candidate([-4, 1, -1], -2) == [-4, -2, -2]


def newest_first(messages: list[str], n: int) -> list[str]:
    """Return the last n messages, beginning with the very last one. If there are fewer than n
    messages, return all of them in reverse order. n is never negative.

    >>> newest_first(["hi", "lunch?", "ok"], 2)
    ['ok', 'lunch?']
    """
    return messages[::-1][:n]


def check_newest_first(candidate):
    assert candidate(["hi", "lunch?", "ok"], 2) == ["ok", "lunch?"]
    assert candidate(["hi", "lunch?", "ok"], 3) == ["ok", "lunch?", "hi"]
    assert candidate(["hi", "lunch?", "ok"], 0) == []
    assert candidate(["a", "b"], 5) == ["b", "a"]
    assert candidate([], 2) == []
    assert candidate(["a", "b", "c", "d"], 1) == ["d"]


def first_late_train(delays: list[int], limit: int) -> int:
    """Return the index of the first delay that is greater than limit, or -1 if there is none.

    >>> first_late_train([0, 3, 12, 20], 5)
    2
    """
    for i, delay in enumerate(delays):
        if delay > limit:
            return i
    return -1


def check_first_late_train(candidate):
    assert candidate([0, 3, 12, 20], 5) == 2
    assert candidate([], 5) == -1
    assert candidate([5, 5, 6], 5) == 2
    assert candidate([1, 2, 3], 3) == -1
    assert candidate([9, 1], 0) == 0
    assert candidate([-2, 0, -1], -1) == 1


def balance_after_each(start: int, changes: list[int]) -> list[int]:
    """An account holds start coins. Return the list of its balances after each of the changes.

    >>> balance_after_each(10, [5, -3])
    [15, 12]
    """
    balances = []
    balance = start
    for change in changes:
        balance += change
        balances.append(balance)
    return balances


def check_balance_after_each(candidate):
    assert candidate(10, [5, -3]) == [15, 12]
    assert candidate(10, []) == []
    assert candidate(0, [1, 1, 1]) == [1, 2, 3]
    assert candidate(5, [-5, -5]) == [0, -5]
    assert candidate(-3, [3]) == [0]
    assert candidate(100, [0, 20, -50, 0]) == [100, 120, 70, 70]


def replace_missing(readings: list[int | None], default: int) -> list[int]:
    """Return the readings in the same order, with default in the place of each None.

    >>> replace_missing([4, None, 0], 9)
    [4, 9, 0]
    """
    return [default if reading is None else reading for reading in readings]


def check_replace_missing(candidate):
    assert candidate([4, None, 0], 9) == [4, 9, 0]
    assert candidate([], 1) == []
    assert candidate([None, None], 7) == [7, 7]
    assert candidate([0, 0, -1], 5) == [0, 0, -1]
    assert candidate([None, 3], 0) == [0, 3]
    assert candidate([1, 2, None], -1) == [1, 2, -1]


def free_seat_numbers(taken: list[bool]) -> list[int]:
    """Seats are numbered from 1, and taken tells for each seat whether it is taken. Return the
    numbers of the seats that are not taken, in increasing order.

    >>> free_seat_numbers([True, False, False])
    [2, 3]
    """
    numbers = []
    for number, is_taken in enumerate(taken, start=1):
        if not is_taken:
            numbers.append(number)
    return numbers


def check_free_seat_numbers(candidate):
    assert candidate([True, False, False]) == [2, 3]
    assert candidate([]) == []
    assert candidate([True, True]) == []
    assert candidate([False]) == [1]
    assert candidate([False, True, False, True]) == [1, 3]
    assert candidate([False, False, False]) == [1, 2, 3]


def middle_item(items: list[str]) -> str | None:
    """Return the item in the middle of the list. If there are two middle items, return the first
    of them, and for an empty list return None.

    >>> middle_item(["tea", "milk", "juice"])
    'milk'
    """
    if not items:
        return None
    return items[(len(items) - 1) // 2]


def check_middle_item(candidate):
    assert candidate(["tea", "milk", "juice"]) == "milk"
    assert candidate([]) is None
    assert candidate(["a"]) == "a"
    assert candidate(["b", "a"]) == "b"
    assert candidate(["d", "c", "b", "a"]) == "c"
    assert candidate(["v", "w", "x", "y", "z"]) == "x"


def total_without_lowest(scores: list[int]) -> int:
    """Return the sum of all scores except the lowest one. If the lowest score occurs several
    times, leave out only one of them. For an empty list return 0.

    >>> total_without_lowest([7, 4, 9])
    16
    """
    if not scores:
        return 0
    return sum(scores) - min(scores)


def check_total_without_lowest(candidate):
    assert candidate([7, 4, 9]) == 16
    assert candidate([]) == 0
    assert candidate([8]) == 0
    assert candidate([5, 5, 5]) == 10
    assert candidate([-3, 2, 4]) == 6
    assert candidate([-1, -2]) == -1
    assert candidate([0, 10, 0, 6]) == 16


def there_and_back(stops: list[str]) -> list[str]:
    """A bus visits the stops in order and then returns through the same stops to the first one.
    Return all the stops it visits; the last stop is not repeated at the turn.

    >>> there_and_back(["park", "school", "lake"])
    ['park', 'school', 'lake', 'school', 'park']
    """
    return stops + stops[:-1][::-1]


def check_there_and_back(candidate):
    assert candidate(["park", "school", "lake"]) == ["park", "school", "lake", "school", "park"]
    assert candidate([]) == []
    assert candidate(["a"]) == ["a"]
    assert candidate(["a", "b"]) == ["a", "b", "a"]
    assert candidate(["a", "a", "b"]) == ["a", "a", "b", "a", "a"]
    assert candidate(["w", "x", "y", "z"]) == ["w", "x", "y", "z", "y", "x", "w"]


def split_into_teams(players: list[str]) -> tuple[list[str], list[str]]:
    """The players join two teams in turn: the first player goes to the first team, the second to
    the second team, the third to the first team again, and so on. Return both teams.

    >>> split_into_teams(["Ann", "Bob", "Cid"])
    (['Ann', 'Cid'], ['Bob'])
    """
    return players[::2], players[1::2]


def check_split_into_teams(candidate):
    assert candidate(["Ann", "Bob", "Cid"]) == (["Ann", "Cid"], ["Bob"])
    assert candidate([]) == ([], [])
    assert candidate(["Ann"]) == (["Ann"], [])
    assert candidate(["Bob", "Ann"]) == (["Bob"], ["Ann"])
    assert candidate(["a", "b", "c", "d"]) == (["a", "c"], ["b", "d"])
    assert candidate(["x", "x", "y", "y", "z"]) == (["x", "y", "z"], ["x", "y"])


def move_to_front(items: list[str], item: str) -> list[str]:
    """Return the list with the first occurrence of item moved to the front. The other items keep
    their order, and if item is not in the list the result equals the list.

    >>> move_to_front(["pen", "book", "cup"], "book")
    ['book', 'pen', 'cup']
    """
    if item not in items:
        return items
    position = items.index(item)
    return [item] + items[:position] + items[position + 1 :]


def check_move_to_front(candidate):
    assert candidate(["pen", "book", "cup"], "book") == ["book", "pen", "cup"]
    assert candidate([], "pen") == []
    assert candidate(["pen", "cup"], "lamp") == ["pen", "cup"]
    assert candidate(["a", "b"], "a") == ["a", "b"]
    assert candidate(["a", "b", "c", "d"], "d") == ["d", "a", "b", "c"]
    assert candidate(["a", "b", "c", "b"], "b") == ["b", "a", "c", "b"]


def signs_alternate(values: list[int]) -> bool:
    """Return True if of any two neighbours one is positive and the other is negative. Zero is
    neither, and a list of fewer than two values gives True.

    >>> signs_alternate([3, -1, 4])
    True
    """
    for i in range(len(values) - 1):
        if values[i] * values[i + 1] >= 0:
            return False
    return True


def check_signs_alternate(candidate):
    assert candidate([3, -1, 4]) is True
    assert candidate([]) is True
    assert candidate([0]) is True
    assert candidate([1, 2]) is False
    assert candidate([-1, -2, 3]) is False
    assert candidate([1, 0, -1]) is False
    assert candidate([-5, 5, -5, 5]) is True
    assert candidate([2, -2, 2, 2]) is False
    assert candidate([1, -1]) is True


def shared_beginning(left: list[str], right: list[str]) -> list[str]:
    """Return the items with which both lists begin, up to the first position where they differ or
    where one of them ends.

    >>> shared_beginning(["home", "docs", "a"], ["home", "docs", "b"])
    ['home', 'docs']
    """
    shared = []
    for a, b in zip(left, right):
        if a != b:
            break
        shared.append(a)
    return shared


def check_shared_beginning(candidate):
    assert candidate(["home", "docs", "a"], ["home", "docs", "b"]) == ["home", "docs"]
    assert candidate([], []) == []
    assert candidate(["a"], []) == []
    assert candidate(["a", "b"], ["a", "b", "c"]) == ["a", "b"]
    assert candidate(["x", "b"], ["y", "b"]) == []
    assert candidate(["a", "b", "c"], ["a", "x", "c"]) == ["a"]
    assert candidate(["A"], ["a"]) == []


def shared_ranks(scores: list[int]) -> list[int]:
    """Return for each score its rank, which is 1 plus the number of strictly higher scores, so
    that equal scores share a rank.

    >>> shared_ranks([50, 80, 50, 20])
    [2, 1, 2, 4]
    """
    ranks = []
    for score in scores:
        higher = [other for other in scores if other > score]
        ranks.append(1 + len(higher))
    return ranks


def check_shared_ranks(candidate):
    assert candidate([50, 80, 50, 20]) == [2, 1, 2, 4]
    assert candidate([]) == []
    assert candidate([0]) == [1]
    assert candidate([4, 4, 4]) == [1, 1, 1]
    assert candidate([1, 2, 3]) == [3, 2, 1]
    assert candidate([-1, 9, 9, -5]) == [3, 1, 1, 4]


def pad_rows(rows: list[list[int]], filler: int) -> list[list[int]]:
    """Return the rows, each lengthened at its end with filler until it is as long as the longest
    row.

    >>> pad_rows([[1], [2, 3]], 0)
    [[1, 0], [2, 3]]
    """
    width = max((len(row) for row in rows), default=0)
    return [row + [filler] * (width - len(row)) for row in rows]


def check_pad_rows(candidate):
    assert candidate([[1], [2, 3]], 0) == [[1, 0], [2, 3]]
    assert candidate([], 0) == []
    assert candidate([[]], 5) == [[]]
    assert candidate([[], [7, 8, 9], [1]], -1) == [[-1, -1, -1], [7, 8, 9], [1, -1, -1]]
    assert candidate([[1, 2], [3, 4]], 0) == [[1, 2], [3, 4]]
    assert candidate([[4, 4], []], 4) == [[4, 4], [4, 4]]


def longest_wet_spell(rain: list[int]) -> int:
    """The list holds the rain of each day. Return the largest number of days in a row with more
    than 0 rain, or 0 if no day was wet.

    >>> longest_wet_spell([0, 2, 5, 0, 1])
    2
    """
    longest = 0
    current = 0
    for amount in rain:
        if amount > 0:
            current += 1
            longest = max(longest, current)
        else:
            current = 0
    return longest


def check_longest_wet_spell(candidate):
    assert candidate([0, 2, 5, 0, 1]) == 2
    assert candidate([]) == 0
    assert candidate([0, 0]) == 0
    assert candidate([3, 1, 4]) == 3
    assert candidate([1, 0, 1, 0, 1]) == 1
    assert candidate([9, 0, 0, 1, 1, 1, 1]) == 4
    assert candidate([1, 1, 0, 1]) == 2


def trim_silence(samples: list[int]) -> list[int]:
    """Return the samples without the zeros at the beginning and at the end. Zeros between other
    samples stay.

    >>> trim_silence([0, 0, 5, 0, -2, 0])
    [5, 0, -2]
    """
    start = 0
    end = len(samples)
    while start < end and samples[start] == 0:
        start += 1
    while end > start and samples[end - 1] == 0:
        end -= 1
    return samples[start:end]


def check_trim_silence(candidate):
    assert candidate([0, 0, 5, 0, -2, 0]) == [5, 0, -2]
    assert candidate([]) == []
    assert candidate([0, 0, 0]) == []
    assert candidate([1, 0, 0, 2]) == [1, 0, 0, 2]
    assert candidate([0, 3]) == [3]
    assert candidate([-3, 0, 0]) == [-3]
    assert candidate([4]) == [4]


def split_at_marker(items: list[str], marker: str) -> list[list[str]]:
    """Split the list at each item equal to marker and return the parts, without the markers.
    Parts may be empty, and there is always one part more than there are markers.

    >>> split_at_marker(["a", "b", "-", "c"], "-")
    [['a', 'b'], ['c']]
    """
    parts = [[]]
    for item in items:
        if item == marker:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def check_split_at_marker(candidate):
    assert candidate(["a", "b", "-", "c"], "-") == [["a", "b"], ["c"]]
    assert candidate([], "-") == [[]]
    assert candidate(["-"], "-") == [[], []]
    assert candidate(["a", "b"], "x") == [["a", "b"]]
    assert candidate(["x", "a", "x"], "x") == [[], ["a"], []]
    assert candidate(["a", "end", "end", "b", "c"], "end") == [["a"], [], ["b", "c"]]


def still_to_buy(shopping: list[str], bought: list[str]) -> list[str]:
    """Each bought item crosses off the first equal item left on the shopping list. Return what is
    left of the shopping list in its order; bought items that are not on it are ignored.

    >>> still_to_buy(["egg", "milk", "egg"], ["egg"])
    ['milk', 'egg']
    """
    left = list(shopping)
    for item in bought:
        if item in left:
            left.remove(item)
    return left


def check_still_to_buy(candidate):
    assert candidate(["egg", "milk", "egg"], ["egg"]) == ["milk", "egg"]
    assert candidate([], ["egg"]) == []
    assert candidate(["egg", "milk"], []) == ["egg", "milk"]
    assert candidate(["egg", "egg"], ["egg", "egg", "egg"]) == []
    assert candidate(["tea", "jam"], ["rice", "tea"]) == ["jam"]
    assert candidate(["a", "b", "a", "c", "a"], ["c", "a", "a"]) == ["b", "a"]
