"""Money: prices in cents, change, tips, discounts, wages, savings, baskets."""

LEVEL = 1


def whole_dollars(cents: int) -> int:
    """Return how many whole dollars the given cents make. A dollar has 100 cents.

    >>> whole_dollars(250)
    2
    """
    return cents // 100


def check_whole_dollars(candidate):
    assert candidate(250) == 2
    assert candidate(0) == 0
    assert candidate(99) == 0
    assert candidate(100) == 1
    assert candidate(199) == 1
    assert candidate(5000) == 50


def dollar_text(cents: int) -> str:
    """Return the cents as a text with a dollar sign, the whole dollars, a point and two digits for
    the cents left over.

    >>> dollar_text(1250)
    '$12.50'
    >>> dollar_text(305)
    '$3.05'
    """
    return f"${cents // 100}.{cents % 100:02d}"


def check_dollar_text(candidate):
    assert candidate(1250) == "$12.50"
    assert candidate(305) == "$3.05"
    assert candidate(0) == "$0.00"
    assert candidate(7) == "$0.07"
    assert candidate(99) == "$0.99"
    assert candidate(100) == "$1.00"
    assert candidate(123456) == "$1234.56"


def total_with_delivery(prices: list[int]) -> int:
    """Return the sum of the prices, plus 300 for delivery if the sum is less than 2000. The sum of
    an empty list is 0.

    >>> total_with_delivery([500, 700])
    1500
    """
    total = sum(prices)
    if total < 2000:
        total += 300
    return total


def check_total_with_delivery(candidate):
    assert candidate([500, 700]) == 1500
    assert candidate([]) == 300
    assert candidate([1999]) == 2299
    assert candidate([2000]) == 2000
    assert candidate([1000, 1001]) == 2001
    assert candidate([1500, 1500, 100]) == 3100


def bill_with_tip(bill: int, percent: int) -> int:
    """Return the bill plus a tip of the given percent of the bill. The tip is rounded down to
    whole cents.

    >>> bill_with_tip(2000, 10)
    2200
    """
    return bill + bill * percent // 100


def check_bill_with_tip(candidate):
    assert candidate(2000, 10) == 2200
    assert candidate(999, 10) == 1098
    assert candidate(1000, 0) == 1000
    assert candidate(0, 20) == 0
    assert candidate(500, 100) == 1000
    assert candidate(1999, 15) == 2298


def can_buy_all(budget: int, prices: list[int]) -> bool:
    """Return whether the sum of the prices is at most budget.

    >>> can_buy_all(500, [200, 250])
    True
    """
    return sum(prices) <= budget


def check_can_buy_all(candidate):
    assert candidate(500, [200, 250]) is True
    assert candidate(500, [200, 300]) is True
    assert candidate(500, [200, 301]) is False
    assert candidate(0, []) is True
    assert candidate(0, [1]) is False
    assert candidate(99, [100]) is False
    assert candidate(100, [10, 20, 30, 39]) is True


def money_left(budget: int, basket: list[tuple[str, int]]) -> int:
    """Return what is left of budget after paying for a basket of names with their prices. The
    result is negative if the basket costs more than budget.

    >>> money_left(500, [("tea", 200), ("jam", 250)])
    50
    """
    return budget - sum(price for _, price in basket)


def check_money_left(candidate):
    assert candidate(500, [("tea", 200), ("jam", 250)]) == 50
    assert candidate(500, []) == 500
    assert candidate(300, [("pen", 300)]) == 0
    assert candidate(100, [("cup", 250)]) == -150
    assert candidate(90, [("a", 20), ("a", 20), ("b", 5)]) == 45
    assert candidate(0, [("gift", 0)]) == 0


def weekly_wage(hours: int, rate: int) -> int:
    """Return the wage for the given hours of work. Each hour is paid with rate, and each hour
    above 40 is paid with twice the rate.

    >>> weekly_wage(10, 1200)
    12000
    >>> weekly_wage(42, 1000)
    44000
    """
    overtime = max(0, hours - 40)
    return (hours + overtime) * rate


def check_weekly_wage(candidate):
    assert candidate(10, 1200) == 12000
    assert candidate(42, 1000) == 44000
    assert candidate(39, 1000) == 39000
    assert candidate(40, 1000) == 40000
    assert candidate(41, 1000) == 42000
    assert candidate(0, 1500) == 0
    assert candidate(60, 1) == 80


def savings_after_months(start: int, monthly: int, months: int) -> int:
    """Return the savings after the given months. They begin at start and grow by monthly in each
    month.

    >>> savings_after_months(1000, 200, 3)
    1600
    """
    return start + monthly * months


def check_savings_after_months(candidate):
    assert candidate(1000, 200, 3) == 1600
    assert candidate(1000, 200, 0) == 1000
    assert candidate(0, 50, 12) == 600
    assert candidate(700, 0, 5) == 700
    assert candidate(5, 7, 1) == 12
    assert candidate(-100, 60, 2) == 20


def paid_by_person(payments: list[tuple[str, int]], person: str) -> int:
    """Each payment holds a name and an amount. Return the sum of the amounts of the payments whose
    name is person, or 0 if there are none.

    >>> paid_by_person([("Ann", 20), ("Bob", 5), ("Ann", 10)], "Ann")
    30
    """
    return sum(amount for name, amount in payments if name == person)


def check_paid_by_person(candidate):
    assert candidate([("Ann", 20), ("Bob", 5), ("Ann", 10)], "Ann") == 30
    assert candidate([("Ann", 20), ("Bob", 5), ("Ann", 10)], "Bob") == 5
    assert candidate([("Ann", 20)], "Eve") == 0
    assert candidate([], "Ann") == 0
    assert candidate([("Bob", 1), ("Bob", 1), ("Bob", 1)], "Bob") == 3
    assert candidate([("Anna", 4), ("Ann", 7)], "Ann") == 7


def affordable_names(items: list[tuple[str, int]], budget: int) -> list[str]:
    """Return the names of the items whose price is at most budget, in the order of items.

    >>> affordable_names([("pen", 80), ("bag", 900)], 100)
    ['pen']
    """
    return [name for name, price in items if price <= budget]


def check_affordable_names(candidate):
    assert candidate([("pen", 80), ("bag", 900)], 100) == ["pen"]
    assert candidate([], 100) == []
    assert candidate([("cup", 100)], 100) == ["cup"]
    assert candidate([("cup", 101)], 100) == []
    assert candidate([("z", 5), ("a", 4), ("m", 6)], 5) == ["z", "a"]
    assert candidate([("map", 0), ("hat", 1)], 0) == ["map"]


def service_tip(bill: int, service: str) -> int:
    """Return the tip for a bill: a fifth of the bill if service is "good", and a tenth of it
    otherwise. The tip is rounded down to whole cents.

    >>> service_tip(1000, "good")
    200
    """
    if service == "good":
        return bill // 5
    return bill // 10


def check_service_tip(candidate):
    assert candidate(1000, "good") == 200
    assert candidate(1000, "bad") == 100
    assert candidate(999, "good") == 199
    assert candidate(999, "slow") == 99
    assert candidate(0, "good") == 0
    assert candidate(9, "bad") == 0
    assert candidate(2000, "") == 200


def second_half_price(price: int) -> int:
    """Return the cost of two equal items when the first costs price and the second costs half of
    price, rounded down to whole cents.

    >>> second_half_price(300)
    450
    """
    return price + price // 2


def check_second_half_price(candidate):
    assert candidate(300) == 450
    assert candidate(0) == 0
    assert candidate(1) == 1
    assert candidate(2) == 3
    assert candidate(5) == 7
    assert candidate(999) == 1498


def double_savings(amount: int, years: int) -> int:
    """Return what the amount has become after the given years if it doubles in each year.

    >>> double_savings(100, 3)
    800
    """
    return amount * 2**years


def check_double_savings(candidate):
    assert candidate(100, 3) == 800
    assert candidate(100, 0) == 100
    assert candidate(50, 1) == 100
    assert candidate(0, 5) == 0
    assert candidate(1, 10) == 1024
    assert candidate(7, 2) == 28


def round_up_extra(cents: int) -> int:
    """Return how many cents must be added to make cents a multiple of 100. Return 0 if it already
    is one.

    >>> round_up_extra(340)
    60
    """
    return (100 - cents % 100) % 100


def check_round_up_extra(candidate):
    assert candidate(340) == 60
    assert candidate(0) == 0
    assert candidate(300) == 0
    assert candidate(301) == 99
    assert candidate(299) == 1
    assert candidate(50) == 50
    assert candidate(1) == 99


def parking_fee(hours: int) -> int:
    """Return the price of parking for the given hours: 200 for each hour, but at most 1500 in all.

    >>> parking_fee(2)
    400
    """
    return min(hours * 200, 1500)


def check_parking_fee(candidate):
    assert candidate(2) == 400
    assert candidate(0) == 0
    assert candidate(1) == 200
    assert candidate(7) == 1400
    assert candidate(8) == 1500
    assert candidate(24) == 1500


def find_price(items: list[tuple[str, int]], name: str) -> int:
    """Return the price of the first item with the given name, or -1 if there is none.

    >>> find_price([("tea", 200), ("jam", 250)], "jam")
    250
    """
    for item, price in items:
        if item == name:
            return price
    return -1


def check_find_price(candidate):
    assert candidate([("tea", 200), ("jam", 250)], "jam") == 250
    assert candidate([("tea", 200), ("jam", 250)], "tea") == 200
    assert candidate([("tea", 200)], "egg") == -1
    assert candidate([], "tea") == -1
    assert candidate([("map", 0)], "map") == 0
    assert candidate([("a", 1), ("b", 2), ("b", 3)], "b") == 2


def member_price(price: int, is_member: bool) -> int:
    """Return what a visitor pays: members pay 150 less than price, and all others pay the price.
    The price is at least 150.

    >>> member_price(800, True)
    650
    """
    if is_member:
        return price - 150
    return price


def check_member_price(candidate):
    assert candidate(800, True) == 650
    assert candidate(800, False) == 800
    assert candidate(150, True) == 0
    assert candidate(150, False) == 150
    assert candidate(151, True) == 1
    assert candidate(1000, False) == 1000


def refund_amount(price: int, days: int) -> int:
    """Return the money a shop gives back after the given days: the price up to day 14, and 0 after
    that.

    >>> refund_amount(700, 3)
    700
    """
    if days <= 14:
        return price
    return 0


def check_refund_amount(candidate):
    assert candidate(700, 3) == 700
    assert candidate(700, 0) == 700
    assert candidate(700, 13) == 700
    assert candidate(700, 14) == 700
    assert candidate(700, 15) == 0
    assert candidate(250, 60) == 0


def reduce_prices(items: list[tuple[str, int]], reduction: int) -> list[tuple[str, int]]:
    """Return the items, which are tuples of a name and a price, with each price made smaller by
    reduction.

    >>> reduce_prices([("tea", 200), ("jam", 250)], 50)
    [('tea', 150), ('jam', 200)]
    """
    return [(name, price - reduction) for name, price in items]


def check_reduce_prices(candidate):
    assert candidate([("tea", 200), ("jam", 250)], 50) == [("tea", 150), ("jam", 200)]
    assert candidate([], 10) == []
    assert candidate([("pen", 80)], 0) == [("pen", 80)]
    assert candidate([("cup", 100)], 100) == [("cup", 0)]
    assert candidate([("b", 5), ("a", 3), ("b", 5)], 1) == [("b", 4), ("a", 2), ("b", 4)]
    assert candidate([("bag", 900)], 1) == [("bag", 899)]


def subscription_cost(months: int) -> int:
    """Return the cost of the given months. The first month is free, and each further month costs
    900. There is at least 1 month.

    >>> subscription_cost(3)
    1800
    """
    return (months - 1) * 900


def check_subscription_cost(candidate):
    assert candidate(3) == 1800
    assert candidate(1) == 0
    assert candidate(2) == 900
    assert candidate(5) == 3600
    assert candidate(12) == 9900
    assert candidate(24) == 20700
