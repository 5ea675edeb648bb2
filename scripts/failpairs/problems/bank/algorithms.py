"""Algorithms: small classic ideas, such as searching, merging, windows, stacks and grids."""

LEVEL = 2


def count_halving_questions(highest: int, secret: int) -> int:
    """Return how many questions find a secret number that is from 1 to highest.

    Each question asks whether the secret is greater than the middle of the numbers that are
    still possible (the middle of low and high is (low + high) // 2). Questions are asked until
    only one number is possible.

    >>> count_halving_questions(5, 1)
    3
    """
    low = 1
    high = highest
    questions = 0
    while low < high:
        middle = (low + high) // 2
        questions += 1
        if secret > middle:
            low = middle + 1
        else:
            high = middle
    return questions


def check_count_halving_questions(candidate):
    assert candidate(5, 1) == 3
    assert candidate(5, 2) == 3
    assert candidate(5, 3) == 2
    assert candidate(5, 4) == 2
    assert candidate(5, 5) == 2
    assert candidate(1, 1) == 0
    assert candidate(2, 1) == 1
    assert candidate(2, 2) == 1
    assert candidate(100, 100) == 6


def parcel_price(prices: list[tuple[int, int]], weight: int) -> int | None:
    """Return the price of a parcel, or None if it is too heavy for all prices.

    Each pair is the greatest weight for a price and this price; the pairs are in rising order of
    the weights. The first pair whose weight is at least that of the parcel counts.

    >>> parcel_price([(1, 4), (5, 7), (10, 12)], 3)
    7
    """
    for limit, price in prices:
        if weight <= limit:
            return price
    return None


def check_parcel_price(candidate):
    assert candidate([(1, 4), (5, 7), (10, 12)], 3) == 7
    assert candidate([(1, 4), (5, 7), (10, 12)], 1) == 4
    assert candidate([(1, 4), (5, 7), (10, 12)], 5) == 7
    assert candidate([(1, 4), (5, 7), (10, 12)], 6) == 12
    assert candidate([(1, 4), (5, 7), (10, 12)], 11) is None
    assert candidate([], 1) is None
    assert candidate([(2, 9), (4, 9), (8, 3)], 8) == 3


def merge_waiting_lines(
    left: list[tuple[int, str]], right: list[tuple[int, str]]
) -> list[tuple[int, str]]:
    """Return one line of all the people, ordered by the minute in which they came.

    Each person is a pair of minute and name, and both lines are already ordered by minute. If
    two people came in the same minute, the one from left is first; people of the same line
    keep their order.

    >>> merge_waiting_lines([(1, "Ann"), (5, "Bob")], [(3, "Cid")])
    [(1, 'Ann'), (3, 'Cid'), (5, 'Bob')]
    """
    merged = []
    i = 0
    for person in right:
        while i < len(left) and left[i][0] <= person[0]:
            merged.append(left[i])
            i += 1
        merged.append(person)
    return merged + left[i:]


def check_merge_waiting_lines(candidate):
    ann, bob, cid = (1, "Ann"), (5, "Bob"), (3, "Cid")
    assert candidate([ann, bob], [cid]) == [ann, cid, bob]
    assert candidate([], []) == []
    assert candidate([ann], []) == [ann]
    assert candidate([], [ann, bob]) == [ann, bob]
    assert candidate([(2, "Zoe")], [(2, "Amy")]) == [(2, "Zoe"), (2, "Amy")]
    assert candidate([ann, cid], [(4, "Dan"), bob]) == [ann, cid, (4, "Dan"), bob]
    assert candidate([cid], [(7, "Max"), (7, "Eva")]) == [cid, (7, "Max"), (7, "Eva")]
    assert candidate([(0, "X"), (9, "A"), (9, "Y")], [(9, "B")]) == [
        (0, "X"),
        (9, "A"),
        (9, "Y"),
        (9, "B"),
    ]


def record_days(temperatures: list[int]) -> list[int]:
    """Return the days that were warmer than all the days before them.

    Days are numbered from 1, and the first day always counts.

    >>> record_days([15, 12, 18, 18, 20])
    [1, 3, 5]
    """
    days = []
    for i in range(len(temperatures)):
        if all(earlier < temperatures[i] for earlier in temperatures[:i]):
            days.append(i + 1)
    return days


def check_record_days(candidate):
    assert candidate([15, 12, 18, 18, 20]) == [1, 3, 5]
    assert candidate([]) == []
    assert candidate([0]) == [1]
    assert candidate([-5, -5]) == [1]
    assert candidate([3, 2, 1]) == [1]
    assert candidate([-3, -2, -1]) == [1, 2, 3]
    assert candidate([10, 5, 7, 11]) == [1, 4]


def day_goal_reached(steps: list[int], goal: int) -> int | None:
    """Return the first day on which the total of the steps so far is at least goal.

    Days are numbered from 1. Return None if the goal is not reached.

    >>> day_goal_reached([10, 20, 30], 25)
    2
    """
    total = 0
    for day, count in enumerate(steps, start=1):
        total += count
        if total >= goal:
            return day
    return None


def check_day_goal_reached(candidate):
    assert candidate([10, 20, 30], 25) == 2
    assert candidate([10, 20, 30], 30) == 2
    assert candidate([10, 20, 30], 31) == 3
    assert candidate([10, 20, 30], 61) is None
    assert candidate([], 5) is None
    assert candidate([7], 7) == 1
    assert candidate([0, 0, 1], 1) == 3


def driest_stretch_start(rain: list[int], days: int) -> int | None:
    """Return the index at which the driest stretch of the given number of days in a row begins.

    The driest stretch has the smallest sum of rain; of equally dry ones take the first. Return
    None if there are fewer days in the list than that; days is at least 1.

    >>> driest_stretch_start([5, 1, 2, 0, 4], 2)
    2
    """
    totals = [sum(rain[i : i + days]) for i in range(len(rain) - days + 1)]
    if not totals:
        return None
    return totals.index(min(totals))


def check_driest_stretch_start(candidate):
    assert candidate([5, 1, 2, 0, 4], 2) == 2
    assert candidate([3, 1, 0], 3) == 0
    assert candidate([3, 1], 3) is None
    assert candidate([], 1) is None
    assert candidate([4, 4, 4, 4], 2) == 0
    assert candidate([9, 2, 7, 2], 1) == 1
    assert candidate([8, 1, 6, 0, 3, 2], 3) == 3


def most_calls_in_span(times: list[int], span: int) -> int:
    """Return the largest number of calls that all came within one span of time.

    The times are minutes in rising order, equal ones allowed. Calls are within one span if the
    last of them came less than span minutes after the first; span is at least 1. No calls give 0.

    >>> most_calls_in_span([0, 10, 15, 19, 40], 10)
    3
    """
    most = 0
    start = 0
    for end in range(len(times)):
        while times[end] - times[start] >= span:
            start += 1
        most = max(most, end - start + 1)
    return most


def check_most_calls_in_span(candidate):
    assert candidate([0, 10, 15, 19, 40], 10) == 3
    assert candidate([], 5) == 0
    assert candidate([30], 1) == 1
    assert candidate([0, 10], 10) == 1
    assert candidate([0, 10], 11) == 2
    assert candidate([4, 4, 4, 5], 1) == 3
    assert candidate([1, 2, 50, 51, 52, 53, 90], 4) == 4
    assert candidate([0, 1, 2, 3, 4], 100) == 5


def days_until_warmer(temperatures: list[int]) -> list[int]:
    """Return for each day how many days later the next warmer day comes, or 0 if none comes.

    >>> days_until_warmer([20, 18, 19, 21])
    [3, 1, 1, 0]
    """
    waits = []
    for i, today in enumerate(temperatures):
        warmer = [days for days, value in enumerate(temperatures[i:]) if value > today]
        waits.append(min(warmer, default=0))
    return waits


def check_days_until_warmer(candidate):
    assert candidate([20, 18, 19, 21]) == [3, 1, 1, 0]
    assert candidate([]) == []
    assert candidate([7]) == [0]
    assert candidate([5, 5, 5]) == [0, 0, 0]
    assert candidate([1, 2, 3]) == [1, 1, 0]
    assert candidate([3, 2, 1]) == [0, 0, 0]
    assert candidate([4, 4, 0, 6, 9]) == [3, 2, 1, 1, 0]


def clear_card_pairs(cards: list[str]) -> list[str]:
    """Lay the cards on a pile one after the other; return the pile, its lowest card first.

    A card that equals the top card of the pile is not laid down; instead both of them go away.

    >>> clear_card_pairs(["ace", "king", "king", "queen"])
    ['ace', 'queen']
    """
    pile = []
    for card in cards:
        if pile and pile[-1] == card:
            pile.pop()
        else:
            pile.append(card)
    return pile


def check_clear_card_pairs(candidate):
    assert candidate(["ace", "king", "king", "queen"]) == ["ace", "queen"]
    assert candidate([]) == []
    assert candidate(["ten"]) == ["ten"]
    assert candidate(["ten", "ten"]) == []
    assert candidate(["ten", "ten", "ten"]) == ["ten"]
    assert candidate(["ace", "king", "king", "ace", "six"]) == ["six"]
    assert candidate(["ace", "king", "ace", "king"]) == ["ace", "king", "ace", "king"]
    assert candidate(["two", "six", "ten", "six", "two"]) == ["two", "six", "ten", "six", "two"]


def finish_order(jobs: list[tuple[str, int]], turn: int) -> list[str]:
    """Return the names of the jobs in the order in which they are finished.

    Each job is a name and the minutes it needs (at least 1). The first job in line gets up to
    turn minutes (at least 1). If that is enough it is finished, else it goes to the end of the
    line with the minutes it still needs. Then the next job gets its turn.

    >>> finish_order([("print", 5), ("scan", 2)], 3)
    ['scan', 'print']
    """
    line = list(jobs)
    finished = []
    while line:
        name, minutes = line.pop(0)
        if minutes <= turn:
            finished.append(name)
        else:
            line.append((name, minutes - turn))
    return finished


def check_finish_order(candidate):
    assert candidate([("print", 5), ("scan", 2)], 3) == ["scan", "print"]
    assert candidate([], 3) == []
    assert candidate([("copy", 10)], 3) == ["copy"]
    assert candidate([("print", 3), ("scan", 2)], 3) == ["print", "scan"]
    assert candidate([("print", 4), ("scan", 3)], 3) == ["scan", "print"]
    assert candidate([("print", 7), ("scan", 5), ("copy", 2)], 2) == ["copy", "scan", "print"]
    assert candidate([("print", 2), ("scan", 4), ("copy", 3)], 1) == ["print", "copy", "scan"]


def mines_near(field: list[str], row: int, column: int) -> int:
    """Return how many "*" there are in the block of three rows by three columns around a cell.

    The cell itself is in the middle of the block and counts too. Rows and columns are numbered
    from 0, all rows are equally long, and a part of the block that is outside of the field is
    ignored.

    >>> mines_near(["*..", ".**"], 0, 1)
    3
    """
    count = 0
    for line in field[max(0, row - 1) : row + 2]:
        count += line[max(0, column - 1) : column + 2].count("*")
    return count


def check_mines_near(candidate):
    assert candidate(["*..", ".**"], 0, 1) == 3
    assert candidate(["."], 0, 0) == 0
    assert candidate(["*"], 0, 0) == 1
    assert candidate(["****", "****", "****", "****"], 0, 0) == 4
    assert candidate(["****", "****", "****", "****"], 1, 1) == 9
    assert candidate(["****", "****", "****", "****"], 3, 2) == 6
    assert candidate(["*.*.*", ".....", "*.*.*", ".....", "*.*.*"], 2, 2) == 1
    assert candidate(["*...*", ".....", ".....", ".....", "*...*"], 2, 2) == 0
    assert candidate(["*....", ".*...", ".....", "...**", "....*"], 3, 3) == 3


def steps_off_board(board: list[str]) -> int:
    """Return after how many steps a token leaves the board.

    It starts at the first cell of the first row. On ">" it goes one cell to the right, on "v" one
    cell down; the board has no other cells. All rows are equally long, with at least one cell.

    >>> steps_off_board([">v", ">v"])
    3
    """
    row = 0
    column = 0
    steps = 0
    while row < len(board) and column < len(board[0]):
        if board[row][column] == ">":
            column += 1
        else:
            row += 1
        steps += 1
    return steps


def check_steps_off_board(candidate):
    assert candidate([">v", ">v"]) == 3
    assert candidate([">"]) == 1
    assert candidate(["v"]) == 1
    assert candidate([">>>>"]) == 4
    assert candidate(["v", "v", "v"]) == 3
    assert candidate([">>>", "vvv"]) == 3
    assert candidate(["v>v", ">v>", "v>>"]) == 5
    assert candidate(["v>", ">v"]) == 3


def fuel_stops(stations: list[int], distance: int, reach: int) -> int:
    """Return the smallest number of stops for fuel on a trip of the given distance.

    The stations are the kilometres from the start in rising order, and a full tank lasts for
    reach kilometres. The car starts with a full tank and fills it up at each stop. No gap between
    neighbouring stations, start and end is longer than reach.

    >>> fuel_stops([30, 60, 90], 100, 60)
    1
    """
    stops = 0
    last = reach
    for here, following in zip(stations, stations[1:] + [distance]):
        if following > last:
            stops += 1
            last = here + reach
    return stops


def check_fuel_stops(candidate):
    assert candidate([30, 60, 90], 100, 60) == 1
    assert candidate([], 50, 50) == 0
    assert candidate([20], 60, 60) == 0
    assert candidate([20], 61, 60) == 1
    assert candidate([10, 20, 30], 40, 10) == 3
    assert candidate([10, 20, 30], 40, 20) == 1
    assert candidate([10, 20, 30], 39, 19) == 2
    assert candidate([50, 55, 100], 150, 55) == 2


def wrap_words(words: list[str], width: int) -> list[str]:
    """Return the words as lines of at most width characters, as many words as fit on each line.

    The words keep their order and are joined by single spaces. No word is empty or longer than
    width, and no words give an empty list.

    >>> wrap_words(["we", "like", "tea"], 7)
    ['we like', 'tea']
    """
    lines = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def check_wrap_words(candidate):
    assert candidate(["we", "like", "tea"], 7) == ["we like", "tea"]
    assert candidate([], 5) == []
    assert candidate(["hello"], 5) == ["hello"]
    assert candidate(["we", "like", "tea"], 6) == ["we", "like", "tea"]
    assert candidate(["we", "like", "tea"], 11) == ["we like tea"]
    assert candidate(["we", "like", "tea"], 10) == ["we like", "tea"]
    assert candidate(["a", "b", "c", "d", "e"], 3) == ["a b", "c d", "e"]
    assert candidate(["abc", "abc", "a", "b"], 3) == ["abc", "abc", "a b"]


def boats_needed(weights: list[int], limit: int) -> int:
    """Return the smallest number of boats that carry all the people.

    A boat carries one or two people, who weigh at most limit together. Nobody alone is heavier
    than limit.

    >>> boats_needed([70, 50, 80, 30], 100)
    3
    """
    waiting = sorted(weights)
    boats = 0
    while waiting:
        heaviest = waiting.pop()
        if waiting and waiting[0] + heaviest <= limit:
            waiting.pop(0)
        boats += 1
    return boats


def check_boats_needed(candidate):
    assert candidate([70, 50, 80, 30], 100) == 3
    assert candidate([], 100) == 0
    assert candidate([100], 100) == 1
    assert candidate([50, 50], 100) == 1
    assert candidate([50, 51], 100) == 2
    assert candidate([90, 10, 80, 20], 100) == 2
    assert candidate([30, 30, 30, 30, 30], 100) == 3
    assert candidate([40, 70, 60, 30], 100) == 2


def passes_stops_in_order(route: list[str], wanted: list[str]) -> bool:
    """Return whether a bus on the route passes all the wanted stops in their order.

    Other stops may come before, between and after them. No wanted stops give True. A stop that is
    wanted twice must be passed twice.

    >>> passes_stops_in_order(["park", "lake", "zoo"], ["park", "zoo"])
    True
    """
    found = 0
    for stop in route:
        if found < len(wanted) and stop == wanted[found]:
            found += 1
    return found == len(wanted)


def check_passes_stops_in_order(candidate):
    assert candidate(["park", "lake", "zoo"], ["park", "zoo"]) is True
    assert candidate(["park", "lake", "zoo"], ["zoo", "park"]) is False
    assert candidate([], []) is True
    assert candidate(["park"], []) is True
    assert candidate([], ["park"]) is False
    assert candidate(["park", "lake"], ["park", "park"]) is False
    assert candidate(["park", "lake", "park"], ["park", "park"]) is True
    assert candidate(["lake", "zoo", "park", "zoo"], ["lake", "park"]) is True


def fewest_rides(lines: dict[str, list[str]], start: str, goal: str) -> int:
    """Return the smallest number of rides from start to goal, or -1 if there is no way.

    The dictionary gives for a place the places that are one ride away. A place that is not a
    key has no rides. If start and goal are equal, return 0.

    >>> fewest_rides({"home": ["park"], "park": ["zoo", "home"]}, "home", "zoo")
    2
    """
    rides = {start: 0}
    places = [start]
    for place in places:
        for other in lines.get(place, []):
            if other not in rides:
                rides[other] = rides[place] + 1
                places.append(other)
    return rides.get(goal, -1)


def check_fewest_rides(candidate):
    net = {"home": ["park", "lake"], "park": ["zoo", "home"], "lake": ["pier"], "zoo": ["pier"]}
    assert candidate({"home": ["park"], "park": ["zoo", "home"]}, "home", "zoo") == 2
    assert candidate(net, "home", "home") == 0
    assert candidate(net, "home", "park") == 1
    assert candidate(net, "home", "pier") == 2
    assert candidate(net, "park", "pier") == 2
    assert candidate(net, "park", "lake") == 2
    assert candidate(net, "lake", "home") == -1
    assert candidate({}, "home", "park") == -1


def count_long_pauses(steps: list[int], minutes: int) -> int:
    """Return how many pauses there were that lasted at least the given minutes.

    The list holds the steps of each minute. A pause is a stretch of minutes in a row without any
    steps, as long as possible; minutes is at least 1.

    >>> count_long_pauses([0, 0, 5, 0, 8, 0, 0, 0], 2)
    2
    """
    pauses = 0
    length = 0
    for count in steps:
        length = length + 1 if count == 0 else 0
        if length == minutes:
            pauses += 1
    return pauses


def check_count_long_pauses(candidate):
    assert candidate([0, 0, 5, 0, 8, 0, 0, 0], 2) == 2
    assert candidate([], 1) == 0
    assert candidate([0, 0, 0], 3) == 1
    assert candidate([0, 0], 3) == 0
    assert candidate([0, 0, 0, 0], 2) == 1
    assert candidate([0, 9, 0, 9, 0], 1) == 3
    assert candidate([4, 1, 2], 1) == 0
    assert candidate([1, 0, 0, 1, 0, 2, 0], 2) == 1


def join_bookings(bookings: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the times at which a room is booked, in rising order, as few pairs as possible.

    Each booking is a pair of start and end, with the start before the end, and they are in any
    order. Bookings that overlap are joined into one pair, and so are bookings of which one ends
    where the other starts.

    >>> join_bookings([(9, 11), (14, 15), (10, 12)])
    [(9, 12), (14, 15)]
    """
    joined = []
    for start, end in sorted(bookings):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def check_join_bookings(candidate):
    assert candidate([(9, 11), (14, 15), (10, 12)]) == [(9, 12), (14, 15)]
    assert candidate([]) == []
    assert candidate([(8, 9)]) == [(8, 9)]
    assert candidate([(10, 11), (9, 10)]) == [(9, 11)]
    assert candidate([(9, 10), (11, 12)]) == [(9, 10), (11, 12)]
    assert candidate([(8, 18), (9, 10)]) == [(8, 18)]
    assert candidate([(8, 9), (10, 13), (11, 12), (13, 14)]) == [(8, 9), (10, 14)]
    assert candidate([(1, 3), (5, 6), (2, 5)]) == [(1, 6)]


def approved_by_most(ballots: list[list[str]]) -> list[str]:
    """Return the names that are on more than half of the ballots, in alphabetical order.

    Each ballot holds any number of different names.

    >>> approved_by_most([["Bob", "Ann"], ["Ann"], ["Bob"]])
    ['Ann', 'Bob']
    """
    counts = {}
    for ballot in ballots:
        for name in ballot:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count * 2 > len(ballots))


def check_approved_by_most(candidate):
    assert candidate([["Bob", "Ann"], ["Ann"], ["Bob"]]) == ["Ann", "Bob"]
    assert candidate([]) == []
    assert candidate([[]]) == []
    assert candidate([["Eva"]]) == ["Eva"]
    assert candidate([["Ann"], ["Bob"]]) == []
    assert candidate([["Ann", "Bob"], ["Bob"], []]) == ["Bob"]
    assert candidate([["Cid"], ["Cid", "Ann"], ["Cid", "Ann"], ["Bob"]]) == ["Cid"]
    assert candidate([["Zoe", "Max"], ["Zoe", "Max"], ["Max", "Zoe"]]) == ["Max", "Zoe"]
