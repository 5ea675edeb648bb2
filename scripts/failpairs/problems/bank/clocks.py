"""Clocks: the simplest things to do with times, dates and ages."""

LEVEL = 1


def hours_and_minutes(minutes: int) -> tuple[int, int]:
    """Return the minutes as whole hours and the minutes that are left.

    >>> hours_and_minutes(75)
    (1, 15)
    """
    return minutes // 60, minutes % 60


def check_hours_and_minutes(candidate):
    assert candidate(75) == (1, 15)
    assert candidate(0) == (0, 0)
    assert candidate(59) == (0, 59)
    assert candidate(60) == (1, 0)
    assert candidate(61) == (1, 1)
    assert candidate(119) == (1, 59)
    assert candidate(120) == (2, 0)
    assert candidate(605) == (10, 5)


def clock_text(hours: int, minutes: int) -> str:
    """Return the time as a text such as "7:05". Only the minutes always have two digits.

    >>> clock_text(7, 5)
    '7:05'
    """
    return f"{hours}:{minutes:02}"


def check_clock_text(candidate):
    assert candidate(7, 5) == "7:05"
    assert candidate(0, 0) == "0:00"
    assert candidate(12, 30) == "12:30"
    assert candidate(9, 9) == "9:09"
    assert candidate(9, 10) == "9:10"
    assert candidate(23, 59) == "23:59"


def age_of_oldest(years_of_birth: list[int], year: int) -> int:
    """Return the age that the oldest person reaches in the given year. The list is not empty.

    >>> age_of_oldest([2000, 1990, 2015], 2024)
    34
    """
    return year - min(years_of_birth)


def check_age_of_oldest(candidate):
    assert candidate([2000, 1990, 2015], 2024) == 34
    assert candidate([2024], 2024) == 0
    assert candidate([2023, 2024], 2024) == 1
    assert candidate([1999, 1999], 2001) == 2
    assert candidate([2010, 1950], 2020) == 70
    assert candidate([1901, 1980, 1990], 2001) == 100


def hour_of_clock(clock: str) -> int:
    """Return the hour of a time such as "07:45" as a number.

    >>> hour_of_clock("07:45")
    7
    """
    return int(clock.split(":")[0])


def check_hour_of_clock(candidate):
    assert candidate("07:45") == 7
    assert candidate("00:00") == 0
    assert candidate("00:10") == 0
    assert candidate("10:59") == 10
    assert candidate("23:05") == 23
    assert candidate("09:30") == 9


def part_of_day(hour: int) -> str:
    """Return "morning" if hour is less than 12, "afternoon" if it is less than 18, else "evening".

    >>> part_of_day(9)
    'morning'
    """
    if hour < 12:
        return "morning"
    if hour < 18:
        return "afternoon"
    return "evening"


def check_part_of_day(candidate):
    assert candidate(9) == "morning"
    assert candidate(0) == "morning"
    assert candidate(11) == "morning"
    assert candidate(12) == "afternoon"
    assert candidate(17) == "afternoon"
    assert candidate(18) == "evening"
    assert candidate(23) == "evening"


def weekday_name(number: int) -> str:
    """Return the name of a weekday from its number: "Mon" is 1, "Tue" is 2, and so on to "Sun".

    >>> weekday_name(2)
    'Tue'
    """
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return names[number - 1]


def check_weekday_name(candidate):
    assert candidate(2) == "Tue"
    assert candidate(1) == "Mon"
    assert candidate(3) == "Wed"
    assert candidate(4) == "Thu"
    assert candidate(5) == "Fri"
    assert candidate(6) == "Sat"
    assert candidate(7) == "Sun"


def decade_of_year(year: int) -> int:
    """Return the first year of the decade, which is the year with its last digit set to 0.

    >>> decade_of_year(1987)
    1980
    """
    return year // 10 * 10


def check_decade_of_year(candidate):
    assert candidate(1987) == 1980
    assert candidate(1990) == 1990
    assert candidate(1999) == 1990
    assert candidate(2000) == 2000
    assert candidate(2001) == 2000
    assert candidate(2024) == 2020


def month_after(month: int) -> int:
    """Return the number of the next month. Months go from 1 to 12, and after 12 comes 1.

    >>> month_after(3)
    4
    """
    if month == 12:
        return 1
    return month + 1


def check_month_after(candidate):
    assert candidate(3) == 4
    assert candidate(12) == 1
    assert candidate(1) == 2
    assert candidate(11) == 12
    assert candidate(10) == 11
    assert candidate(6) == 7


def is_birthday(born: tuple[int, int, int], today: tuple[int, int, int]) -> bool:
    """Return whether both dates (year, month, day) have the same month and the same day.

    >>> is_birthday((2010, 5, 17), (2024, 5, 17))
    True
    """
    return born[1] == today[1] and born[2] == today[2]


def check_is_birthday(candidate):
    assert candidate((2010, 5, 17), (2024, 5, 17)) is True
    assert candidate((2010, 5, 17), (2024, 6, 17)) is False
    assert candidate((2010, 5, 17), (2024, 5, 18)) is False
    assert candidate((2010, 5, 17), (2010, 5, 17)) is True
    assert candidate((2010, 3, 8), (2010, 8, 3)) is False
    assert candidate((1999, 12, 31), (2000, 12, 31)) is True
    assert candidate((2010, 4, 4), (2010, 1, 5)) is False


def night_shift_hours(start: int, end: int) -> int:
    """Return the hours from start to end. If end is less than start, it is on the next day.

    Both are full hours from 0 to 23. Equal hours give 0.

    >>> night_shift_hours(22, 6)
    8
    """
    return (end - start) % 24


def check_night_shift_hours(candidate):
    assert candidate(22, 6) == 8
    assert candidate(9, 17) == 8
    assert candidate(5, 5) == 0
    assert candidate(23, 0) == 1
    assert candidate(0, 23) == 23
    assert candidate(1, 0) == 23
    assert candidate(20, 21) == 1


def minutes_late(planned: int, arrived: int) -> int:
    """Return how many minutes arrived is later than planned. Return 0 if it is not later.

    >>> minutes_late(30, 45)
    15
    """
    return max(0, arrived - planned)


def check_minutes_late(candidate):
    assert candidate(30, 45) == 15
    assert candidate(30, 30) == 0
    assert candidate(30, 29) == 0
    assert candidate(30, 31) == 1
    assert candidate(0, 59) == 59
    assert candidate(50, 10) == 0


def without_seconds(clock: str) -> str:
    """Return a time such as "07:05:30" without its seconds.

    >>> without_seconds("07:05:30")
    '07:05'
    """
    return clock[:5]


def check_without_seconds(candidate):
    assert candidate("07:05:30") == "07:05"
    assert candidate("00:00:00") == "00:00"
    assert candidate("12:34:56") == "12:34"
    assert candidate("23:59:59") == "23:59"
    assert candidate("10:10:10") == "10:10"
    assert candidate("20:00:07") == "20:00"


def is_full_hour(clock: str) -> bool:
    """Return whether a time such as "09:00" has 00 as its minutes.

    >>> is_full_hour("09:00")
    True
    """
    return clock.endswith("00")


def check_is_full_hour(candidate):
    assert candidate("09:00") is True
    assert candidate("09:30") is False
    assert candidate("00:00") is True
    assert candidate("00:01") is False
    assert candidate("00:10") is False
    assert candidate("10:00") is True
    assert candidate("23:59") is False


def is_valid_time(hour: int, minute: int) -> bool:
    """Return whether hour is from 0 to 23 and minute is from 0 to 59.

    >>> is_valid_time(12, 30)
    True
    """
    return 0 <= hour <= 23 and 0 <= minute <= 59


def check_is_valid_time(candidate):
    assert candidate(12, 30) is True
    assert candidate(0, 0) is True
    assert candidate(23, 59) is True
    assert candidate(24, 0) is False
    assert candidate(-1, 5) is False
    assert candidate(5, 60) is False
    assert candidate(5, -1) is False
    assert candidate(30, 70) is False


def days_away_text(days: int) -> str:
    """Return "today" for 0 days, "tomorrow" for 1 day, and a text such as "in 5 days" for more.

    >>> days_away_text(5)
    'in 5 days'
    """
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {days} days"


def check_days_away_text(candidate):
    assert candidate(5) == "in 5 days"
    assert candidate(0) == "today"
    assert candidate(1) == "tomorrow"
    assert candidate(2) == "in 2 days"
    assert candidate(3) == "in 3 days"
    assert candidate(100) == "in 100 days"


def opening_hours_text(opens: int, closes: int) -> str:
    """Return the opening hours as a text such as "9-17". Return "closed" if both are equal.

    >>> opening_hours_text(9, 17)
    '9-17'
    """
    if opens == closes:
        return "closed"
    return f"{opens}-{closes}"


def check_opening_hours_text(candidate):
    assert candidate(9, 17) == "9-17"
    assert candidate(0, 0) == "closed"
    assert candidate(12, 12) == "closed"
    assert candidate(0, 24) == "0-24"
    assert candidate(10, 11) == "10-11"
    assert candidate(18, 2) == "18-2"


def hourly_times(first: int, last: int) -> list[str]:
    """Return the full hours from first to last, both included, as texts such as "9:00".

    Return an empty list if first is greater than last.

    >>> hourly_times(9, 11)
    ['9:00', '10:00', '11:00']
    """
    return [f"{hour}:00" for hour in range(first, last + 1)]


def check_hourly_times(candidate):
    assert candidate(9, 11) == ["9:00", "10:00", "11:00"]
    assert candidate(8, 8) == ["8:00"]
    assert candidate(9, 8) == []
    assert candidate(12, 5) == []
    assert candidate(0, 1) == ["0:00", "1:00"]
    assert candidate(20, 23) == ["20:00", "21:00", "22:00", "23:00"]


def dates_in_year(dates: list[str], year: str) -> list[str]:
    """Return the dates such as "2024-03-07" that are in the given year, in the same order.

    >>> dates_in_year(["2024-03-07", "2023-01-01"], "2024")
    ['2024-03-07']
    """
    return [date for date in dates if date.startswith(year)]


def check_dates_in_year(candidate):
    assert candidate(["2024-03-07", "2023-01-01"], "2024") == ["2024-03-07"]
    assert candidate([], "2024") == []
    assert candidate(["2023-12-31"], "2024") == []
    assert candidate(["2001-05-06", "2001-02-03"], "2001") == ["2001-05-06", "2001-02-03"]
    assert candidate(["1999-12-31", "2000-01-01"], "2000") == ["2000-01-01"]
    assert candidate(["2010-10-10", "2010-10-10"], "2010") == ["2010-10-10", "2010-10-10"]


def birth_years(ages: dict[str, int], year: int) -> dict[str, int]:
    """Return for each name the birth year, which is the year minus the age.

    >>> birth_years({"Ann": 10, "Bob": 30}, 2024)
    {'Ann': 2014, 'Bob': 1994}
    """
    return {name: year - age for name, age in ages.items()}


def check_birth_years(candidate):
    assert candidate({"Ann": 10, "Bob": 30}, 2024) == {"Ann": 2014, "Bob": 1994}
    assert candidate({}, 2024) == {}
    assert candidate({"Eva": 0}, 2020) == {"Eva": 2020}
    assert candidate({"Tom": 1}, 2000) == {"Tom": 1999}
    assert candidate({"Jim": 5, "Kim": 5}, 2010) == {"Jim": 2005, "Kim": 2005}
    assert candidate({"Old": 100}, 2000) == {"Old": 1900}


def total_film_minutes(films: list[tuple[int, int]]) -> int:
    """Return the length of all films together in minutes. Each film has hours and minutes.

    >>> total_film_minutes([(1, 30), (2, 5)])
    215
    """
    total = 0
    for hours, minutes in films:
        total += hours * 60 + minutes
    return total


def check_total_film_minutes(candidate):
    assert candidate([(1, 30), (2, 5)]) == 215
    assert candidate([]) == 0
    assert candidate([(0, 0)]) == 0
    assert candidate([(0, 59)]) == 59
    assert candidate([(1, 0)]) == 60
    assert candidate([(2, 10), (2, 10)]) == 260
    assert candidate([(0, 5), (0, 55), (1, 1)]) == 121
