"""Simulation: small processes that run step by step."""

LEVEL = 3


def queue_after_events(events: list[str]) -> list[str]:
    """Return the names in a queue after all events, the front of the queue first. The event "leave"
    removes the first name, or does nothing if the queue is empty; every other event is a name that
    joins at the end.

    >>> queue_after_events(["Ann", "Bob", "leave", "Cleo"])
    ['Bob', 'Cleo']
    """
    queue = []
    for event in events:
        if event != "leave":
            queue.append(event)
        elif queue:
            queue.pop(0)
    return queue


def check_queue_after_events(candidate):
    assert candidate(["Ann", "Bob", "leave", "Cleo"]) == ["Bob", "Cleo"]
    assert candidate([]) == []
    assert candidate(["leave"]) == []
    assert candidate(["Ann", "leave"]) == []
    assert candidate(["leave", "Ann", "Ann"]) == ["Ann", "Ann"]
    assert candidate(["Ann", "Bob", "Cleo", "leave", "leave"]) == ["Cleo"]
    assert candidate(["Ann", "leave", "leave", "Bob"]) == ["Bob"]


def robot_on_track(length: int, moves: str) -> int:
    """Return the final position of a robot on a track with the positions 0 to length - 1, starting
    at 0. In moves, "R" adds 1 to the position and "L" takes 1 away; a move that would leave the
    track is skipped.

    >>> robot_on_track(5, "RRL")
    1
    """
    position = 0
    for move in moves:
        if move == "R" and position < length - 1:
            position += 1
        elif move == "L" and position > 0:
            position -= 1
    return position


def check_robot_on_track(candidate):
    assert candidate(5, "RRL") == 1
    assert candidate(5, "") == 0
    assert candidate(5, "LL") == 0
    assert candidate(3, "RRRRR") == 2
    assert candidate(3, "RRRRL") == 1
    assert candidate(1, "RLR") == 0
    assert candidate(4, "LRLRR") == 2
    assert candidate(10, "RRRLLL") == 0


def balance_after_requests(balance: int, requests: list[int]) -> int:
    """Return the balance of a bank account after all requests: a positive number is paid in, a
    negative number is taken out. A request that would make the balance negative is refused and
    changes nothing.

    >>> balance_after_requests(10, [5, -20, -3])
    12
    """
    for amount in requests:
        if balance + amount >= 0:
            balance += amount
    return balance


def check_balance_after_requests(candidate):
    assert candidate(10, [5, -20, -3]) == 12
    assert candidate(7, []) == 7
    assert candidate(0, [-1]) == 0
    assert candidate(8, [-8]) == 0
    assert candidate(8, [-9, -8, 4]) == 4
    assert candidate(0, [100, -30, -80, -70]) == 0
    assert candidate(5, [-6, 1, -6]) == 0


def count_ball_bounces(height: int) -> int:
    """Return how often a ball dropped from height hits the floor. After each hit it rises to three
    quarters of its last height, rounded down, and falls again; at height 0 it lies still.

    >>> count_ball_bounces(4)
    4
    """
    bounces = 0
    while height > 0:
        bounces += 1
        height = height * 3 // 4
    return bounces


def check_count_ball_bounces(candidate):
    assert candidate(4) == 4
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(2) == 2
    assert candidate(8) == 6
    assert candidate(10) == 6
    assert candidate(100) == 14


def heater_states(temperatures: list[int], low: int, high: int) -> list[bool]:
    """Return for each temperature whether the heater is on after it was read. A temperature below
    low turns the heater on, one above high turns it off, and any other leaves it as it is. At the
    start it is off.

    >>> heater_states([20, 17, 19, 23], 18, 22)
    [False, True, True, False]
    """
    heating = False
    states = []
    for temperature in temperatures:
        if temperature < low:
            heating = True
        elif temperature > high:
            heating = False
        states.append(heating)
    return states


def check_heater_states(candidate):
    assert candidate([20, 17, 19, 23], 18, 22) == [False, True, True, False]
    assert candidate([], 18, 22) == []
    assert candidate([18, 22], 18, 22) == [False, False]
    assert candidate([10, 18, 22, 23, 22, 18], 18, 22) == [True, True, True, False, False, False]
    assert candidate([30, 30], 18, 22) == [False, False]
    assert candidate([-6, -5, 1, -6], -5, 0) == [True, True, False, True]
    assert candidate([4, 6, 4], 5, 5) == [True, False, True]


def tank_levels(capacity: int, flows: list[int]) -> list[int]:
    """Return the level of a water tank after each flow, where a positive flow adds water and a
    negative one takes it out. The tank starts empty, and its level never goes below 0 or above
    capacity.

    >>> tank_levels(10, [6, 7, -3])
    [6, 10, 7]
    """
    level = 0
    levels = []
    for flow in flows:
        level = max(0, min(capacity, level + flow))
        levels.append(level)
    return levels


def check_tank_levels(candidate):
    assert candidate(10, [6, 7, -3]) == [6, 10, 7]
    assert candidate(10, []) == []
    assert candidate(5, [-2, 3]) == [0, 3]
    assert candidate(5, [5, 1, -1]) == [5, 5, 4]
    assert candidate(8, [4, -9, 2, 0]) == [4, 0, 2, 2]
    assert candidate(0, [3, -3]) == [0, 0]
    assert candidate(100, [30, -10, 50]) == [30, 20, 70]


def cars_turned_away(spaces: int, events: list[str]) -> int:
    """Return how many cars find no free space in a parking lot that is empty at first. The event
    "in" is a car that arrives and parks if there is a free space; the event "out" is a parked car
    that leaves.

    >>> cars_turned_away(1, ["in", "in", "out", "in"])
    1
    """
    parked = 0
    turned_away = 0
    for event in events:
        if event == "out":
            parked -= 1
        elif parked < spaces:
            parked += 1
        else:
            turned_away += 1
    return turned_away


def check_cars_turned_away(candidate):
    assert candidate(1, ["in", "in", "out", "in"]) == 1
    assert candidate(3, []) == 0
    assert candidate(0, ["in", "in"]) == 2
    assert candidate(2, ["in", "in"]) == 0
    assert candidate(2, ["in", "in", "in", "in"]) == 2
    assert candidate(1, ["in", "out", "in", "out", "in"]) == 0
    assert candidate(2, ["in", "in", "in", "out", "in", "in"]) == 2


def hot_potato_winner(names: list[str], passes: int) -> str:
    """Return the last player left in a game where the names sit in a circle and the first one holds
    a potato. In each round it is passed on the given number of times; then its holder is out and
    the next player holds it. There is at least one name.

    >>> hot_potato_winner(["Ann", "Bob", "Cleo"], 1)
    'Cleo'
    """
    players = list(names)
    holder = 0
    while len(players) > 1:
        holder = (holder + passes) % len(players)
        players.pop(holder)
    return players[0]


def check_hot_potato_winner(candidate):
    assert candidate(["Ann", "Bob", "Cleo"], 1) == "Cleo"
    assert candidate(["Ann"], 5) == "Ann"
    assert candidate(["Ann", "Bob"], 1) == "Ann"
    assert candidate(["Ann", "Bob"], 2) == "Bob"
    assert candidate(["Ann", "Bob", "Cleo"], 0) == "Cleo"
    assert candidate(["Ann", "Bob", "Cleo"], 2) == "Bob"
    assert candidate(["Ann", "Bob", "Cleo", "Dan"], 2) == "Ann"
    assert candidate(["Ann", "Bob", "Cleo", "Dan", "Eve"], 7) == "Ann"


def snail_climb_days(wall: int, climb: int, slip: int) -> int:
    """Return on which day, counted from 1, a snail reaches the top of a wall. Each day it climbs up
    by climb, and each night it slips down by slip if it is not at the top yet. The wall is at least
    1 high, and slip is less than climb.

    >>> snail_climb_days(10, 3, 2)
    8
    """
    day = 1
    height = climb
    while height < wall:
        height += climb - slip
        day += 1
    return day


def check_snail_climb_days(candidate):
    assert candidate(10, 3, 2) == 8
    assert candidate(1, 1, 0) == 1
    assert candidate(5, 5, 4) == 1
    assert candidate(6, 5, 4) == 2
    assert candidate(3, 10, 1) == 1
    assert candidate(12, 4, 0) == 3
    assert candidate(13, 4, 0) == 4
    assert candidate(20, 7, 3) == 5


def toggle_lamps(count: int, presses: list[int]) -> list[bool]:
    """Return for each of count lamps whether it is on after all presses. The lamps have the numbers
    1 to count and are off at first, and each press is the number of a lamp that is switched over.

    >>> toggle_lamps(3, [1, 3, 1])
    [False, False, True]
    """
    lamps = [False] * count
    for number in presses:
        lamps[number - 1] = not lamps[number - 1]
    return lamps


def check_toggle_lamps(candidate):
    assert candidate(3, [1, 3, 1]) == [False, False, True]
    assert candidate(0, []) == []
    assert candidate(2, []) == [False, False]
    assert candidate(1, [1]) == [True]
    assert candidate(2, [1, 2]) == [True, True]
    assert candidate(1, [1, 1, 1]) == [True]
    assert candidate(4, [4, 2]) == [False, True, False, True]
    assert candidate(3, [1, 2, 3, 2]) == [True, False, True]
