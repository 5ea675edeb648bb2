"""Numbers: digits, divisibility, simple arithmetic."""

LEVEL = 2


def digit_sum(n: int) -> int:
    """Return the sum of the decimal digits of n, ignoring its sign.

    >>> digit_sum(123)
    6
    """
    return sum(int(digit) for digit in str(abs(n)))


def check_digit_sum(candidate):
    assert candidate(123) == 6
    assert candidate(0) == 0
    assert candidate(9) == 9
    assert candidate(1000) == 1
    assert candidate(-45) == 9
    assert candidate(98765) == 35


def count_zero_digits(n: int) -> int:
    """Return how many of the decimal digits of n are zero. The number 0 itself has one zero digit.

    >>> count_zero_digits(1020)
    2
    >>> count_zero_digits(-50)
    1
    """
    return str(n).count("0")


def check_count_zero_digits(candidate):
    assert candidate(1020) == 2
    assert candidate(-50) == 1
    assert candidate(0) == 1
    assert candidate(7) == 0
    assert candidate(1000) == 3
    assert candidate(-3004005) == 4
    assert candidate(98765) == 0


def museum_ticket_price(age: int) -> int:
    """Return the price of a museum ticket: 0 below the age of 6, 5 from 6 to 17 and 9 from 18 on.

    >>> museum_ticket_price(12)
    5
    """
    if age < 6:
        return 0
    if age < 18:
        return 5
    return 9


def check_museum_ticket_price(candidate):
    assert candidate(12) == 5
    assert candidate(0) == 0
    assert candidate(5) == 0
    assert candidate(6) == 5
    assert candidate(17) == 5
    assert candidate(18) == 9
    assert candidate(80) == 9


def change_for_payment(price: int, paid: int) -> int:
    """Return how much money the customer gets back. Return -1 if paid is less than price.

    >>> change_for_payment(30, 50)
    20
    >>> change_for_payment(30, 20)
    -1
    """
    if paid < price:
        return -1
    return paid - price


def check_change_for_payment(candidate):
    assert candidate(30, 50) == 20
    assert candidate(30, 20) == -1
    assert candidate(30, 30) == 0
    assert candidate(30, 29) == -1
    assert candidate(0, 5) == 5
    assert candidate(99, 100) == 1
    assert candidate(100, 0) == -1


def boxes_needed(items: int, box_size: int) -> int:
    """Return the smallest number of boxes that hold all the items, box_size items to a box.

    No items need no boxes, and box_size is at least 1.

    >>> boxes_needed(10, 4)
    3
    """
    boxes = items // box_size
    if items % box_size > 0:
        boxes += 1
    return boxes


def check_boxes_needed(candidate):
    assert candidate(10, 4) == 3
    assert candidate(12, 4) == 3
    assert candidate(13, 4) == 4
    assert candidate(0, 4) == 0
    assert candidate(1, 6) == 1
    assert candidate(7, 1) == 7
    assert candidate(6, 6) == 1


def digit_gap(n: int) -> int:
    """Return the largest decimal digit of n minus its smallest digit, ignoring the sign of n.

    >>> digit_gap(3718)
    7
    """
    digits = [int(digit) for digit in str(abs(n))]
    return max(digits) - min(digits)


def check_digit_gap(candidate):
    assert candidate(3718) == 7
    assert candidate(0) == 0
    assert candidate(8) == 0
    assert candidate(555) == 0
    assert candidate(-29) == 7
    assert candidate(90) == 9
    assert candidate(12321) == 2


def lucky_ticket(number: int) -> bool:
    """Return whether a ticket number from 0 to 999999 is lucky.

    Written with six digits (zeros in front if needed), the sum of its first three digits must
    equal the sum of its last three.

    >>> lucky_ticket(123420)
    True
    >>> lucky_ticket(1010)
    True
    """
    digits = [int(digit) for digit in str(number).zfill(6)]
    return sum(digits[:3]) == sum(digits[3:])


def check_lucky_ticket(candidate):
    assert candidate(123420) is True
    assert candidate(1010) is True
    assert candidate(0) is True
    assert candidate(999999) is True
    assert candidate(123456) is False
    assert candidate(1001) is True
    assert candidate(11) is False
    assert candidate(100000) is False
    assert candidate(700070) is True


def snail_days(height: int, climb: int, slip: int) -> int:
    """Return on which day a snail reaches the top of a wall, the first day being 1.

    It starts at 0, goes up climb each day and down slip each following night, and stops as soon
    as it is at height or above. Here height is at least 1 and climb is greater than slip.

    >>> snail_days(10, 3, 1)
    5
    """
    days = 1
    position = climb
    while position < height:
        position = position - slip + climb
        days += 1
    return days


def check_snail_days(candidate):
    assert candidate(10, 3, 1) == 5
    assert candidate(1, 5, 2) == 1
    assert candidate(5, 5, 2) == 1
    assert candidate(6, 5, 2) == 2
    assert candidate(9, 3, 0) == 3
    assert candidate(7, 2, 1) == 6
    assert candidate(100, 10, 9) == 91


def three_for_two(quantity: int, price: int) -> int:
    """Return the cost of buying quantity items at the given price when every third item is free.

    >>> three_for_two(3, 10)
    20
    >>> three_for_two(5, 10)
    40
    """
    free = quantity // 3
    return (quantity - free) * price


def check_three_for_two(candidate):
    assert candidate(3, 10) == 20
    assert candidate(5, 10) == 40
    assert candidate(0, 10) == 0
    assert candidate(1, 7) == 7
    assert candidate(2, 7) == 14
    assert candidate(6, 5) == 20
    assert candidate(9, 1) == 6
    assert candidate(4, 0) == 0


def count_multiples_between(low: int, high: int, step: int) -> int:
    """Return how many numbers from low to high, both included, are multiples of step.

    Zero counts as a multiple. Return 0 if low is greater than high; step is at least 1.

    >>> count_multiples_between(1, 10, 3)
    3
    """
    count = 0
    for number in range(low, high + 1):
        if number % step == 0:
            count += 1
    return count


def check_count_multiples_between(candidate):
    assert candidate(1, 10, 3) == 3
    assert candidate(3, 9, 3) == 3
    assert candidate(4, 5, 3) == 0
    assert candidate(0, 0, 7) == 1
    assert candidate(-4, 4, 2) == 5
    assert candidate(8, 2, 2) == 0
    assert candidate(5, 9, 1) == 5


def share_sweets(sweets: int, children: int) -> tuple[int, int]:
    """Return how many sweets each child gets when all get equally many, and how many are left over.

    With no children each child gets 0 and all sweets are left over.

    >>> share_sweets(17, 5)
    (3, 2)
    """
    if children == 0:
        return (0, sweets)
    return (sweets // children, sweets % children)


def check_share_sweets(candidate):
    assert candidate(17, 5) == (3, 2)
    assert candidate(20, 5) == (4, 0)
    assert candidate(3, 4) == (0, 3)
    assert candidate(0, 4) == (0, 0)
    assert candidate(9, 0) == (0, 9)
    assert candidate(9, 1) == (9, 0)


def weeks_to_save(saved: int, weekly: int, goal: int) -> int:
    """Return after how many weeks the savings are at least goal.

    They begin at saved and grow by weekly (at least 1) each week. Return 0 if saved is enough.

    >>> weeks_to_save(10, 5, 22)
    3
    """
    weeks = 0
    while saved < goal:
        saved += weekly
        weeks += 1
    return weeks


def check_weeks_to_save(candidate):
    assert candidate(10, 5, 22) == 3
    assert candidate(10, 5, 20) == 2
    assert candidate(10, 5, 10) == 0
    assert candidate(50, 5, 10) == 0
    assert candidate(0, 1, 6) == 6
    assert candidate(0, 100, 1) == 1


def keep_even_digits(n: int) -> int:
    """Return the number formed by the even digits of n in their order, with the odd digits dropped.

    Here n is not negative. Return 0 if no even digit is there.

    >>> keep_even_digits(12345)
    24
    """
    kept = ""
    for digit in str(n):
        if int(digit) % 2 == 0:
            kept += digit
    return int(kept or "0")


def check_keep_even_digits(candidate):
    assert candidate(12345) == 24
    assert candidate(8642) == 8642
    assert candidate(1357) == 0
    assert candidate(0) == 0
    assert candidate(1020) == 20
    assert candidate(61) == 6
    assert candidate(90909) == 0


def digits_rise(n: int) -> bool:
    """Return whether each digit of n (not negative) is greater than the digit to its left.

    A number of one digit counts as rising.

    >>> digits_rise(1379)
    True
    >>> digits_rise(1337)
    False
    """
    text = str(n)
    for i in range(1, len(text)):
        if text[i] <= text[i - 1]:
            return False
    return True


def check_digits_rise(candidate):
    assert candidate(1379) is True
    assert candidate(1337) is False
    assert candidate(0) is True
    assert candidate(5) is True
    assert candidate(21) is False
    assert candidate(120) is False
    assert candidate(12) is True
    assert candidate(3124) is False


def taxi_fare(km: int) -> int:
    """Return the price of a taxi ride of km whole kilometres.

    The first 2 kilometres cost 7 together, even for a shorter ride, and each further one costs 3.

    >>> taxi_fare(5)
    16
    """
    if km <= 2:
        return 7
    return 7 + (km - 2) * 3


def check_taxi_fare(candidate):
    assert candidate(5) == 16
    assert candidate(0) == 7
    assert candidate(1) == 7
    assert candidate(2) == 7
    assert candidate(3) == 10
    assert candidate(12) == 37


def closer_number(target: int, a: int, b: int) -> int:
    """Return the one of a and b that is closer to target; if both are equally close, the smaller.

    >>> closer_number(10, 7, 12)
    12
    >>> closer_number(10, 12, 8)
    8
    """
    distance_a = abs(a - target)
    distance_b = abs(b - target)
    if distance_a == distance_b:
        return min(a, b)
    if distance_a < distance_b:
        return a
    return b


def check_closer_number(candidate):
    assert candidate(10, 7, 12) == 12
    assert candidate(10, 12, 8) == 8
    assert candidate(10, 8, 12) == 8
    assert candidate(10, 9, 20) == 9
    assert candidate(0, -3, 4) == -3
    assert candidate(0, 5, -5) == -5
    assert candidate(-6, -9, -5) == -5
    assert candidate(3, 4, 4) == 4


def signed_text(n: int) -> str:
    """Return n as text with its sign in front: "+" for positive, "-" for negative, none for 0.

    >>> signed_text(5)
    '+5'
    """
    if n > 0:
        return "+" + str(n)
    return str(n)


def check_signed_text(candidate):
    assert candidate(5) == "+5"
    assert candidate(-5) == "-5"
    assert candidate(0) == "0"
    assert candidate(1) == "+1"
    assert candidate(-1) == "-1"
    assert candidate(120) == "+120"


def ordinal_number(n: int) -> str:
    """Return n (at least 1) followed by its English ending "st", "nd", "rd" or "th".

    Numbers ending in 1, 2 and 3 get "st", "nd" and "rd", except those ending in 11, 12 and 13,
    which get "th" like all the others.

    >>> ordinal_number(3)
    '3rd'
    >>> ordinal_number(11)
    '11th'
    """
    if n % 100 in (11, 12, 13):
        return f"{n}th"
    endings = {1: "st", 2: "nd", 3: "rd"}
    return str(n) + endings.get(n % 10, "th")


def check_ordinal_number(candidate):
    assert candidate(3) == "3rd"
    assert candidate(11) == "11th"
    assert candidate(1) == "1st"
    assert candidate(2) == "2nd"
    assert candidate(4) == "4th"
    assert candidate(10) == "10th"
    assert candidate(12) == "12th"
    assert candidate(13) == "13th"
    assert candidate(21) == "21st"
    assert candidate(101) == "101st"
    assert candidate(111) == "111th"
    assert candidate(112) == "112th"
    assert candidate(1003) == "1003rd"


def split_bill(total: float, people: int) -> float:
    """Return what each of the people pays of the total, rounded to 2 decimals.

    Return 0.0 if there are no people.

    >>> split_bill(10.0, 4)
    2.5
    >>> split_bill(20.0, 3)
    6.67
    """
    if people == 0:
        return 0.0
    return round(total / people, 2)


def check_split_bill(candidate):
    assert candidate(10.0, 4) == 2.5
    assert candidate(20.0, 3) == 6.67
    assert candidate(10.0, 3) == 3.33
    assert candidate(12.5, 1) == 12.5
    assert candidate(0.0, 5) == 0.0
    assert candidate(30.0, 0) == 0.0


def row_and_seat(number: int, row_size: int) -> tuple[int, int]:
    """Return the row and the place within the row of the seat with the given number.

    Seats are numbered from 1, row after row, with row_size seats in each row. Rows and places are
    counted from 1 too.

    >>> row_and_seat(12, 10)
    (2, 2)
    """
    row = (number - 1) // row_size + 1
    place = (number - 1) % row_size + 1
    return (row, place)


def check_row_and_seat(candidate):
    assert candidate(12, 10) == (2, 2)
    assert candidate(1, 10) == (1, 1)
    assert candidate(10, 10) == (1, 10)
    assert candidate(11, 10) == (2, 1)
    assert candidate(30, 10) == (3, 10)
    assert candidate(5, 1) == (5, 1)
    assert candidate(7, 4) == (2, 3)
