"""Formulas: areas, conversions, percentages, averages."""

LEVEL = 1


def double_number(n: int) -> int:
    """Return n times two.

    >>> double_number(4)
    8
    """
    return n * 2


def check_double_number(candidate):
    assert candidate(4) == 8
    assert candidate(0) == 0
    assert candidate(1) == 2
    assert candidate(-3) == -6
    assert candidate(10) == 20
    assert candidate(7) == 14


def square_number(n: int) -> int:
    """Return n times n.

    >>> square_number(3)
    9
    """
    return n * n


def check_square_number(candidate):
    assert candidate(3) == 9
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(-4) == 16
    assert candidate(10) == 100
    assert candidate(7) == 49


def cube_number(n: int) -> int:
    """Return n to the power of three.

    >>> cube_number(2)
    8
    """
    return n**3


def check_cube_number(candidate):
    assert candidate(2) == 8
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(-2) == -8
    assert candidate(3) == 27
    assert candidate(10) == 1000


def half_of_number(n: int) -> float:
    """Return n divided by two.

    >>> half_of_number(5)
    2.5
    """
    return n / 2


def check_half_of_number(candidate):
    assert candidate(5) == 2.5
    assert candidate(0) == 0.0
    assert candidate(1) == 0.5
    assert candidate(8) == 4.0
    assert candidate(-3) == -1.5
    assert candidate(100) == 50.0


def next_number(n: int) -> int:
    """Return n plus one.

    >>> next_number(5)
    6
    """
    return n + 1


def check_next_number(candidate):
    assert candidate(5) == 6
    assert candidate(0) == 1
    assert candidate(-1) == 0
    assert candidate(9) == 10
    assert candidate(-10) == -9
    assert candidate(99) == 100


def opposite_number(n: int) -> int:
    """Return n with the opposite sign.

    >>> opposite_number(5)
    -5
    """
    return -n


def check_opposite_number(candidate):
    assert candidate(5) == -5
    assert candidate(-5) == 5
    assert candidate(0) == 0
    assert candidate(1) == -1
    assert candidate(-12) == 12
    assert candidate(100) == -100


def total_price(price: int, amount: int) -> int:
    """Return the price times the amount.

    >>> total_price(5, 3)
    15
    """
    return amount * price


def check_total_price(candidate):
    assert candidate(5, 3) == 15
    assert candidate(5, 0) == 0
    assert candidate(0, 3) == 0
    assert candidate(7, 1) == 7
    assert candidate(2, 2) == 4
    assert candidate(10, 12) == 120


def average_of_two(a: int, b: int) -> float:
    """Return the average of two numbers.

    >>> average_of_two(2, 4)
    3.0
    """
    return (a + b) / 2


def check_average_of_two(candidate):
    assert candidate(2, 4) == 3.0
    assert candidate(1, 2) == 1.5
    assert candidate(0, 0) == 0.0
    assert candidate(-2, 2) == 0.0
    assert candidate(5, 5) == 5.0
    assert candidate(-1, -4) == -2.5


def average_of_three(a: int, b: int, c: int) -> float:
    """Return the average of three numbers.

    >>> average_of_three(1, 2, 3)
    2.0
    """
    return (a + b + c) / 3


def check_average_of_three(candidate):
    assert candidate(1, 2, 3) == 2.0
    assert candidate(0, 0, 0) == 0.0
    assert candidate(5, 5, 5) == 5.0
    assert candidate(0, 0, 9) == 3.0
    assert candidate(-3, 0, 3) == 0.0
    assert candidate(-1, -2, -6) == -3.0


def perimeter_of_rectangle(width: int, height: int) -> int:
    """Return the perimeter of a rectangle.

    >>> perimeter_of_rectangle(3, 4)
    14
    """
    return 2 * width + 2 * height


def check_perimeter_of_rectangle(candidate):
    assert candidate(3, 4) == 14
    assert candidate(1, 1) == 4
    assert candidate(5, 2) == 14
    assert candidate(10, 1) == 22
    assert candidate(7, 7) == 28
    assert candidate(0, 6) == 12


def box_volume(length: int, width: int, height: int) -> int:
    """Return the volume of a box: its length times its width times its height.

    >>> box_volume(2, 3, 4)
    24
    """
    return length * width * height


def check_box_volume(candidate):
    assert candidate(2, 3, 4) == 24
    assert candidate(1, 1, 1) == 1
    assert candidate(5, 1, 1) == 5
    assert candidate(1, 6, 2) == 12
    assert candidate(10, 10, 10) == 1000
    assert candidate(3, 0, 2) == 0


def area_of_triangle(base: int, height: int) -> float:
    """Return the area of a triangle: half of its base times its height.

    >>> area_of_triangle(4, 3)
    6.0
    """
    return base * height / 2


def check_area_of_triangle(candidate):
    assert candidate(4, 3) == 6.0
    assert candidate(1, 1) == 0.5
    assert candidate(2, 5) == 5.0
    assert candidate(3, 3) == 4.5
    assert candidate(10, 10) == 50.0
    assert candidate(0, 7) == 0.0


def celsius_to_fahrenheit(celsius: int) -> float:
    """Return the temperature in Fahrenheit: celsius times 9 divided by 5, plus 32.

    >>> celsius_to_fahrenheit(10)
    50.0
    """
    return celsius * 9 / 5 + 32


def check_celsius_to_fahrenheit(candidate):
    assert candidate(10) == 50.0
    assert candidate(0) == 32.0
    assert candidate(100) == 212.0
    assert candidate(-40) == -40.0
    assert candidate(20) == 68.0
    assert candidate(-10) == 14.0


def minutes_to_seconds(minutes: int) -> int:
    """Return the number of seconds in the given minutes.

    >>> minutes_to_seconds(2)
    120
    """
    return minutes * 60


def check_minutes_to_seconds(candidate):
    assert candidate(2) == 120
    assert candidate(0) == 0
    assert candidate(1) == 60
    assert candidate(5) == 300
    assert candidate(10) == 600
    assert candidate(60) == 3600


def total_minutes(hours: int, minutes: int) -> int:
    """Return the hours and minutes together as a number of minutes.

    >>> total_minutes(1, 30)
    90
    """
    return hours * 60 + minutes


def check_total_minutes(candidate):
    assert candidate(1, 30) == 90
    assert candidate(0, 0) == 0
    assert candidate(0, 45) == 45
    assert candidate(2, 0) == 120
    assert candidate(3, 5) == 185
    assert candidate(10, 59) == 659


def weeks_to_days(weeks: int) -> int:
    """Return the number of days in the given weeks.

    >>> weeks_to_days(2)
    14
    """
    return weeks * 7


def check_weeks_to_days(candidate):
    assert candidate(2) == 14
    assert candidate(0) == 0
    assert candidate(1) == 7
    assert candidate(3) == 21
    assert candidate(10) == 70
    assert candidate(52) == 364


def percent_of_amount(amount: int, percent: int) -> float:
    """Return the given percent of the amount.

    >>> percent_of_amount(200, 10)
    20.0
    """
    return amount * percent / 100


def check_percent_of_amount(candidate):
    assert candidate(200, 10) == 20.0
    assert candidate(50, 100) == 50.0
    assert candidate(80, 0) == 0.0
    assert candidate(0, 30) == 0.0
    assert candidate(10, 25) == 2.5
    assert candidate(40, 150) == 60.0


def price_after_discount(price: int, percent: int) -> float:
    """Return the price after a discount of the given percent.

    >>> price_after_discount(200, 10)
    180.0
    """
    return price - price * percent / 100


def check_price_after_discount(candidate):
    assert candidate(200, 10) == 180.0
    assert candidate(50, 0) == 50.0
    assert candidate(50, 100) == 0.0
    assert candidate(0, 20) == 0.0
    assert candidate(10, 25) == 7.5
    assert candidate(80, 50) == 40.0


def distance_between(a: int, b: int) -> int:
    """Return the distance between two numbers, which is never negative.

    >>> distance_between(3, 8)
    5
    """
    return abs(a - b)


def check_distance_between(candidate):
    assert candidate(3, 8) == 5
    assert candidate(8, 3) == 5
    assert candidate(4, 4) == 0
    assert candidate(-2, 2) == 4
    assert candidate(-5, -1) == 4
    assert candidate(0, 10) == 10


def average_speed(distance: int, hours: int) -> float:
    """Return the average speed: the distance divided by the hours. Return 0.0 if hours is 0.

    >>> average_speed(100, 2)
    50.0
    """
    if hours == 0:
        return 0.0
    return distance / hours


def check_average_speed(candidate):
    assert candidate(100, 2) == 50.0
    assert candidate(100, 0) == 0.0
    assert candidate(0, 5) == 0.0
    assert candidate(5, 2) == 2.5
    assert candidate(7, 1) == 7.0
    assert candidate(1, 4) == 0.25
