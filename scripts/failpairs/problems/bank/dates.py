"""Dates: clocks, minutes, calendars, leap years, weekdays."""

LEVEL = 2


def minutes_after_midnight(clock: str) -> int:
    """Return how many minutes after midnight it is at a time such as "07:30" (24 hours, "HH:MM").

    >>> minutes_after_midnight("07:30")
    450
    """
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def check_minutes_after_midnight(candidate):
    assert candidate("07:30") == 450
    assert candidate("00:00") == 0
    assert candidate("00:09") == 9
    assert candidate("01:00") == 60
    assert candidate("12:15") == 735
    assert candidate("23:59") == 1439


def clock_from_minutes(minutes: int) -> str:
    """Return the 24 hour time "HH:MM" it is the given number of minutes after midnight.

    After 23:59 the clock begins again at 00:00. The number is not negative.

    >>> clock_from_minutes(75)
    '01:15'
    """
    hours = minutes // 60 % 24
    return f"{hours:02}:{minutes % 60:02}"


def check_clock_from_minutes(candidate):
    assert candidate(75) == "01:15"
    assert candidate(0) == "00:00"
    assert candidate(5) == "00:05"
    assert candidate(60) == "01:00"
    assert candidate(1439) == "23:59"
    assert candidate(1440) == "00:00"
    assert candidate(3000) == "02:00"


def twelve_hour_clock(clock: str) -> str:
    """Return a 24 hour time "HH:MM" as a 12 hour time with " am" or " pm" behind it.

    The hour loses its leading zero, the minutes keep theirs. Midnight is "12:00 am" and
    noon is "12:00 pm".

    >>> twelve_hour_clock("15:05")
    '3:05 pm'
    >>> twelve_hour_clock("00:30")
    '12:30 am'
    """
    hours, minutes = clock.split(":")
    half = "am" if int(hours) < 12 else "pm"
    hour = int(hours) % 12
    if hour == 0:
        hour = 12
    return f"{hour}:{minutes} {half}"


def check_twelve_hour_clock(candidate):
    assert candidate("15:05") == "3:05 pm"
    assert candidate("00:30") == "12:30 am"
    assert candidate("00:00") == "12:00 am"
    assert candidate("12:00") == "12:00 pm"
    assert candidate("01:00") == "1:00 am"
    assert candidate("11:59") == "11:59 am"
    assert candidate("13:10") == "1:10 pm"
    assert candidate("22:45") == "10:45 pm"


def count_leap_years(first: int, last: int) -> int:
    """Return how many leap years there are from first to last, both included (0 if first > last).

    A year is a leap year if it is divisible by 4 but not by 100, or if it is divisible by 400.

    >>> count_leap_years(2000, 2010)
    3
    """
    count = 0
    for year in range(first, last + 1):
        if year % 4 == 0 and year % 100 != 0 or year % 400 == 0:
            count += 1
    return count


def check_count_leap_years(candidate):
    assert candidate(2000, 2010) == 3
    assert candidate(2000, 2000) == 1
    assert candidate(1900, 1900) == 0
    assert candidate(2001, 2003) == 0
    assert candidate(2020, 2024) == 2
    assert candidate(1896, 1904) == 2
    assert candidate(2024, 2020) == 0
    assert candidate(1601, 2000) == 97


def weekday_after(day: str, days: int) -> str:
    """Return which weekday it is the given number of days after day; a negative number goes back.

    Weekdays are the names "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" and "Sun".

    >>> weekday_after("Fri", 3)
    'Mon'
    """
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return week[(week.index(day) + days) % 7]


def check_weekday_after(candidate):
    assert candidate("Fri", 3) == "Mon"
    assert candidate("Mon", 0) == "Mon"
    assert candidate("Mon", 1) == "Tue"
    assert candidate("Tue", 7) == "Tue"
    assert candidate("Wed", 30) == "Fri"
    assert candidate("Mon", -1) == "Sun"
    assert candidate("Sun", -10) == "Thu"
    assert candidate("Sat", -7) == "Sat"
    assert candidate("Thu", -1) == "Wed"


def shop_is_open(now: str, opens: str, closes: str) -> bool:
    """Return whether a shop is open at the time now; it is open at opens, but no longer at closes.

    All times are "HH:MM" with 24 hours, on the same day, and opens is before closes.

    >>> shop_is_open("12:00", "09:00", "18:30")
    True
    >>> shop_is_open("18:30", "09:00", "18:30")
    False
    """
    return opens <= now < closes


def check_shop_is_open(candidate):
    assert candidate("12:00", "09:00", "18:30") is True
    assert candidate("18:30", "09:00", "18:30") is False
    assert candidate("09:00", "09:00", "18:30") is True
    assert candidate("08:59", "09:00", "18:30") is False
    assert candidate("18:29", "09:00", "18:30") is True
    assert candidate("18:15", "09:30", "18:30") is True
    assert candidate("23:00", "09:00", "18:30") is False
    assert candidate("00:00", "09:00", "18:30") is False


def minutes_until_alarm(now: str, alarm: str) -> int:
    """Return how many minutes pass from now until the alarm rings next; both are 24 hour "HH:MM".

    If alarm is earlier in the day than now, it rings on the next day. It is 0 for equal times.

    >>> minutes_until_alarm("06:45", "07:30")
    45
    >>> minutes_until_alarm("23:50", "00:10")
    20
    """
    now_minutes = int(now[:2]) * 60 + int(now[3:])
    alarm_minutes = int(alarm[:2]) * 60 + int(alarm[3:])
    return (alarm_minutes - now_minutes) % (24 * 60)


def check_minutes_until_alarm(candidate):
    assert candidate("06:45", "07:30") == 45
    assert candidate("23:50", "00:10") == 20
    assert candidate("08:00", "08:00") == 0
    assert candidate("08:01", "08:00") == 1439
    assert candidate("00:00", "23:59") == 1439
    assert candidate("10:05", "12:00") == 115
    assert candidate("22:00", "06:30") == 510


def quarter_of_month(month: int) -> str:
    """Return the quarter of the year, "Q1" to "Q4", of a month from 1 to 12.

    Return "" for any other number.

    >>> quarter_of_month(5)
    'Q2'
    """
    if month < 1 or month > 12:
        return ""
    quarter = (month - 1) // 3 + 1
    return f"Q{quarter}"


def check_quarter_of_month(candidate):
    assert candidate(5) == "Q2"
    assert candidate(1) == "Q1"
    assert candidate(3) == "Q1"
    assert candidate(4) == "Q2"
    assert candidate(9) == "Q3"
    assert candidate(12) == "Q4"
    assert candidate(0) == ""
    assert candidate(13) == ""
    assert candidate(-2) == ""


def next_bus_time(now: str, buses: list[str]) -> str | None:
    """Return the earliest bus that leaves at the time now or later, or None if there is none today.

    All times are "HH:MM" with 24 hours, and the buses come in any order.

    >>> next_bus_time("09:10", ["10:30", "08:30", "09:30"])
    '09:30'
    """
    later = [bus for bus in buses if bus >= now]
    if not later:
        return None
    return min(later)


def check_next_bus_time(candidate):
    assert candidate("09:10", ["10:30", "08:30", "09:30"]) == "09:30"
    assert candidate("09:30", ["10:30", "08:30", "09:30"]) == "09:30"
    assert candidate("09:31", ["10:30", "08:30", "09:30"]) == "10:30"
    assert candidate("22:00", ["10:30", "08:30", "09:30"]) is None
    assert candidate("00:00", ["23:59"]) == "23:59"
    assert candidate("12:00", []) is None
    assert candidate("05:00", ["06:45", "06:15", "06:30"]) == "06:15"


def long_date(date: str) -> str:
    """Return a date "YYYY-MM-DD" as day, short month name and year, such as "7 Mar 2024".

    The months are Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov and Dec. The day has no
    leading zero.

    >>> long_date("2024-03-07")
    '7 Mar 2024'
    """
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    year, month, day = date.split("-")
    return f"{int(day)} {months[int(month) - 1]} {year}"


def check_long_date(candidate):
    assert candidate("2024-03-07") == "7 Mar 2024"
    assert candidate("2000-01-01") == "1 Jan 2000"
    assert candidate("1999-12-31") == "31 Dec 1999"
    assert candidate("2023-10-10") == "10 Oct 2023"
    assert candidate("2024-02-29") == "29 Feb 2024"
    assert candidate("1987-06-20") == "20 Jun 1987"
