"""Quantities: units, remainders, limits, digits, simple geometry."""

LEVEL = 1


def kilograms_to_grams(kilograms: float) -> float:
    """Return the number of grams in the given kilograms.

    >>> kilograms_to_grams(2.5)
    2500.0
    """
    return kilograms * 1000


def check_kilograms_to_grams(candidate):
    assert candidate(2.5) == 2500.0
    assert candidate(0.0) == 0.0
    assert candidate(1.0) == 1000.0
    assert candidate(0.5) == 500.0
    assert candidate(0.25) == 250.0
    assert candidate(70.0) == 70000.0


def leftover_days(days: int) -> int:
    """Return how many days are left over when all whole weeks are taken out of days.

    >>> leftover_days(10)
    3
    """
    return days % 7


def check_leftover_days(candidate):
    assert candidate(10) == 3
    assert candidate(0) == 0
    assert candidate(6) == 6
    assert candidate(7) == 0
    assert candidate(8) == 1
    assert candidate(30) == 2
    assert candidate(365) == 1


def wall_to_paint(width: int, height: int, windows: int) -> int:
    """Return the area of a wall, which is width times height, without its windows. Each window has
    an area of 2.

    >>> wall_to_paint(5, 3, 2)
    11
    """
    return width * height - 2 * windows


def check_wall_to_paint(candidate):
    assert candidate(5, 3, 2) == 11
    assert candidate(4, 3, 0) == 12
    assert candidate(2, 1, 1) == 0
    assert candidate(6, 3, 1) == 16
    assert candidate(10, 4, 5) == 30
    assert candidate(3, 7, 4) == 13


def same_weekday(first_day: int, second_day: int) -> bool:
    """Return whether both days, which are counted 1, 2, 3 and so on, leave the same remainder when
    divided by 7.

    >>> same_weekday(3, 17)
    True
    """
    return first_day % 7 == second_day % 7


def check_same_weekday(candidate):
    assert candidate(3, 17) is True
    assert candidate(17, 3) is True
    assert candidate(5, 5) is True
    assert candidate(1, 8) is True
    assert candidate(1, 7) is False
    assert candidate(1, 9) is False
    assert candidate(14, 70) is True
    assert candidate(2, 20) is False


def battery_after_hours(percent: int, hours: int) -> int:
    """Return the percent left in a battery that loses 10 percent each hour but never goes below 0.

    >>> battery_after_hours(100, 3)
    70
    """
    return max(0, percent - 10 * hours)


def check_battery_after_hours(candidate):
    assert candidate(100, 3) == 70
    assert candidate(80, 0) == 80
    assert candidate(10, 1) == 0
    assert candidate(11, 1) == 1
    assert candidate(9, 1) == 0
    assert candidate(0, 2) == 0
    assert candidate(50, 8) == 0


def clamp_volume(volume: int) -> int:
    """Return volume, but 0 if it is less than 0, and 100 if it is greater than 100.

    >>> clamp_volume(120)
    100
    """
    return max(0, min(volume, 100))


def check_clamp_volume(candidate):
    assert candidate(120) == 100
    assert candidate(50) == 50
    assert candidate(0) == 0
    assert candidate(-1) == 0
    assert candidate(1) == 1
    assert candidate(99) == 99
    assert candidate(100) == 100
    assert candidate(101) == 100


def eggs_to_buy(needed: int) -> int:
    """Eggs are sold only in boxes of 6. Return the smallest number of eggs in full boxes that is
    at least needed.

    >>> eggs_to_buy(8)
    12
    """
    return (needed + 5) // 6 * 6


def check_eggs_to_buy(candidate):
    assert candidate(8) == 12
    assert candidate(0) == 0
    assert candidate(1) == 6
    assert candidate(5) == 6
    assert candidate(6) == 6
    assert candidate(7) == 12
    assert candidate(12) == 12
    assert candidate(13) == 18


def bigger_half(children: int) -> int:
    """Two teams share the children as equally as possible. Return the size of the bigger team, or
    of either team if both are equal.

    >>> bigger_half(7)
    4
    """
    return (children + 1) // 2


def check_bigger_half(candidate):
    assert candidate(7) == 4
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(2) == 1
    assert candidate(3) == 2
    assert candidate(10) == 5
    assert candidate(21) == 11


def sandwiches_possible(bread: int, cheese: int) -> int:
    """A sandwich needs 2 slices of bread and 1 slice of cheese. Return how many sandwiches can be
    made.

    >>> sandwiches_possible(5, 9)
    2
    """
    return min(bread // 2, cheese)


def check_sandwiches_possible(candidate):
    assert candidate(5, 9) == 2
    assert candidate(8, 3) == 3
    assert candidate(4, 2) == 2
    assert candidate(1, 4) == 0
    assert candidate(0, 3) == 0
    assert candidate(6, 0) == 0
    assert candidate(20, 10) == 10


def larger_digit(n: int) -> int:
    """Return the larger of the two digits of n, which is a number from 10 to 99.

    >>> larger_digit(47)
    7
    """
    return max(n // 10, n % 10)


def check_larger_digit(candidate):
    assert candidate(47) == 7
    assert candidate(74) == 7
    assert candidate(10) == 1
    assert candidate(20) == 2
    assert candidate(55) == 5
    assert candidate(98) == 9
    assert candidate(19) == 9


def has_equal_digits(n: int) -> bool:
    """Return whether the two digits of n are equal. n is a number from 10 to 99.

    >>> has_equal_digits(44)
    True
    """
    return n // 10 == n % 10


def check_has_equal_digits(candidate):
    assert candidate(44) is True
    assert candidate(45) is False
    assert candidate(10) is False
    assert candidate(11) is True
    assert candidate(21) is False
    assert candidate(88) is True
    assert candidate(98) is False
    assert candidate(99) is True


def number_from_digits(tens: int, ones: int) -> int:
    """Return the number that is written with the digit tens and then the digit ones.

    >>> number_from_digits(4, 7)
    47
    """
    return tens * 10 + ones


def check_number_from_digits(candidate):
    assert candidate(4, 7) == 47
    assert candidate(7, 4) == 74
    assert candidate(5, 0) == 50
    assert candidate(0, 8) == 8
    assert candidate(0, 0) == 0
    assert candidate(9, 9) == 99


def square_side(perimeter: int) -> float:
    """Return the length of one side of a square with the given perimeter.

    >>> square_side(10)
    2.5
    """
    return perimeter / 4


def check_square_side(candidate):
    assert candidate(10) == 2.5
    assert candidate(0) == 0.0
    assert candidate(1) == 0.25
    assert candidate(4) == 1.0
    assert candidate(12) == 3.0
    assert candidate(100) == 25.0


def frame_area(outer: int, inner: int) -> int:
    """A square with sides of length outer has a square hole with sides of length inner. Return
    the area of the square without the hole.

    >>> frame_area(5, 3)
    16
    """
    return outer * outer - inner * inner


def check_frame_area(candidate):
    assert candidate(5, 3) == 16
    assert candidate(4, 0) == 16
    assert candidate(4, 4) == 0
    assert candidate(1, 0) == 1
    assert candidate(6, 5) == 11
    assert candidate(10, 1) == 99


def fence_posts(length: int, gap: int) -> int:
    """A straight fence has a post at its start and then one after each gap meters, up to its end.
    Return the number of posts. The length is a multiple of gap.

    >>> fence_posts(10, 5)
    3
    """
    return length // gap + 1


def check_fence_posts(candidate):
    assert candidate(10, 5) == 3
    assert candidate(0, 5) == 1
    assert candidate(6, 6) == 2
    assert candidate(7, 1) == 8
    assert candidate(12, 3) == 5
    assert candidate(100, 10) == 11


def clock_hour_later(hour: int, passed: int) -> int:
    """Return the hour from 0 to 23 that a clock shows when the given hours have passed after hour.

    >>> clock_hour_later(22, 5)
    3
    """
    return (hour + passed) % 24


def check_clock_hour_later(candidate):
    assert candidate(22, 5) == 3
    assert candidate(8, 4) == 12
    assert candidate(23, 1) == 0
    assert candidate(20, 3) == 23
    assert candidate(0, 0) == 0
    assert candidate(6, 24) == 6
    assert candidate(12, 50) == 14


def total_legs(chickens: int, cows: int) -> int:
    """Return how many legs the animals have together: 2 for each chicken and 4 for each cow.

    >>> total_legs(3, 2)
    14
    """
    return 2 * chickens + 4 * cows


def check_total_legs(candidate):
    assert candidate(3, 2) == 14
    assert candidate(2, 3) == 16
    assert candidate(0, 0) == 0
    assert candidate(1, 0) == 2
    assert candidate(0, 1) == 4
    assert candidate(10, 5) == 40


def item_fits(length: int, width: int, box_length: int, box_width: int) -> bool:
    """Return whether length is at most box_length and width is at most box_width.

    >>> item_fits(3, 2, 5, 4)
    True
    """
    return length <= box_length and width <= box_width


def check_item_fits(candidate):
    assert candidate(3, 2, 5, 4) is True
    assert candidate(5, 4, 5, 4) is True
    assert candidate(6, 4, 5, 4) is False
    assert candidate(5, 5, 5, 4) is False
    assert candidate(4, 5, 5, 4) is False
    assert candidate(9, 9, 5, 4) is False
    assert candidate(1, 1, 1, 1) is True


def weight_text(grams: int) -> str:
    """Return the weight as a text such as "500 g" if it is less than 1000 grams. Otherwise return
    only its whole kilograms, as in "2 kg".

    >>> weight_text(2300)
    '2 kg'
    """
    if grams < 1000:
        return str(grams) + " g"
    return str(grams // 1000) + " kg"


def check_weight_text(candidate):
    assert candidate(2300) == "2 kg"
    assert candidate(500) == "500 g"
    assert candidate(0) == "0 g"
    assert candidate(999) == "999 g"
    assert candidate(1000) == "1 kg"
    assert candidate(1999) == "1 kg"
    assert candidate(12000) == "12 kg"


def glasses_filled(bottles: int) -> int:
    """A bottle holds 750 milliliters and a glass holds 200. Return how many glasses can be filled
    to the top from all the bottles together.

    >>> glasses_filled(2)
    7
    """
    return bottles * 750 // 200


def check_glasses_filled(candidate):
    assert candidate(2) == 7
    assert candidate(0) == 0
    assert candidate(1) == 3
    assert candidate(3) == 11
    assert candidate(4) == 15
    assert candidate(5) == 18
    assert candidate(200) == 750
