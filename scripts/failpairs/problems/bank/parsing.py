"""Parsing: turning small strings into data and back."""

LEVEL = 3


def parse_settings(text: str) -> dict[str, str]:
    """Return the "key=value" parts of text, which are separated by semicolons, as a dictionary.
    Spaces around keys and values are removed, and parts without "=" are skipped. If a key occurs
    twice, its last value counts.

    >>> parse_settings("color=red; size=10")
    {'color': 'red', 'size': '10'}
    """
    settings = {}
    for part in text.split(";"):
        if "=" in part:
            key, value = part.split("=")
            settings[key.strip()] = value.strip()
    return settings


def check_parse_settings(candidate):
    assert candidate("color=red; size=10") == {"color": "red", "size": "10"}
    assert candidate("") == {}
    assert candidate("a=1") == {"a": "1"}
    assert candidate(" a = 1 ;b= two words ") == {"a": "1", "b": "two words"}
    assert candidate("a=1;;oops;b=2;") == {"a": "1", "b": "2"}
    assert candidate("a=1;a=2") == {"a": "2"}
    assert candidate("name=") == {"name": ""}


def format_settings(settings: dict[str, int]) -> str:
    """Return the settings as "key=value" parts in alphabetical order of the keys, joined by "; ".
    No settings give the empty string.

    >>> format_settings({"width": 20, "height": 5})
    'height=5; width=20'
    """
    return "; ".join(f"{key}={settings[key]}" for key in sorted(settings))


def check_format_settings(candidate):
    assert candidate({"width": 20, "height": 5}) == "height=5; width=20"
    assert candidate({}) == ""
    assert candidate({"a": 0}) == "a=0"
    assert candidate({"b": 1, "a": 2, "c": 3}) == "a=2; b=1; c=3"
    assert candidate({"x": -4, "y": 4}) == "x=-4; y=4"
    assert candidate({"ab": 1, "a": 9}) == "a=9; ab=1"


def parse_csv_numbers(line: str) -> list[int]:
    """Return the whole numbers of line, which are separated by commas, in their order. Fields that
    are empty or contain only spaces are skipped.

    >>> parse_csv_numbers("3, 4,,5")
    [3, 4, 5]
    """
    return [int(field) for field in line.split(",") if field.strip() != ""]


def check_parse_csv_numbers(candidate):
    assert candidate("3, 4,,5") == [3, 4, 5]
    assert candidate("") == []
    assert candidate(" , ,") == []
    assert candidate("7") == [7]
    assert candidate("-1,0,12") == [-1, 0, 12]
    assert candidate("  8 ,  8 ,") == [8, 8]


def format_csv_line(fields: list[str]) -> str:
    """Return the fields joined by commas. A field that contains a comma or a double quote is put in
    double quotes, and each double quote inside it is doubled.

    >>> format_csv_line(["Ann", "Oslo, Norway"])
    'Ann,"Oslo, Norway"'
    """
    parts = []
    for field in fields:
        if "," in field or '"' in field:
            field = '"' + field.replace('"', '""') + '"'
        parts.append(field)
    return ",".join(parts)


def check_format_csv_line(candidate):
    assert candidate(["Ann", "Oslo, Norway"]) == 'Ann,"Oslo, Norway"'
    assert candidate([]) == ""
    assert candidate(["one"]) == "one"
    assert candidate(["a", "", "b c"]) == "a,,b c"
    assert candidate([","]) == '","'
    assert candidate(['the "best" tea', "x"]) == '"the ""best"" tea",x'
    assert candidate(['"', "1,5"]) == '"""","1,5"'


def parse_version(text: str) -> tuple[int, int, int]:
    """Return the three numbers of a version such as "1.4.2", which may have a "v" in front of it.
    The text has one to three numbers, and missing ones are 0.

    >>> parse_version("v1.4")
    (1, 4, 0)
    """
    parts = [int(part) for part in text.removeprefix("v").split(".")] + [0, 0]
    return (parts[0], parts[1], parts[2])


def check_parse_version(candidate):
    assert candidate("v1.4") == (1, 4, 0)
    assert candidate("1.4.2") == (1, 4, 2)
    assert candidate("v2.0.13") == (2, 0, 13)
    assert candidate("7") == (7, 0, 0)
    assert candidate("v3") == (3, 0, 0)
    assert candidate("0.10") == (0, 10, 0)
    assert candidate("10.20.30") == (10, 20, 30)


def newer_version(first: str, second: str) -> str:
    """Return the newer one of two versions such as "1.4.2", comparing their numbers from left to
    right. Both have equally many numbers, and if all of them are equal, return first.

    >>> newer_version("1.9", "1.10")
    '1.10'
    """
    first_numbers = [int(part) for part in first.split(".")]
    second_numbers = [int(part) for part in second.split(".")]
    if second_numbers > first_numbers:
        return second
    return first


def check_newer_version(candidate):
    assert candidate("1.9", "1.10") == "1.10"
    assert candidate("1.10", "1.9") == "1.10"
    assert candidate("2", "3") == "3"
    assert candidate("2.0.0", "1.9.9") == "2.0.0"
    assert candidate("1.2", "1.02") == "1.2"
    assert candidate("1.02", "1.2") == "1.02"
    assert candidate("0.0.1", "0.0.1") == "0.0.1"
    assert candidate("9.5.1", "10.0.0") == "10.0.0"


def parse_short_duration(text: str) -> int:
    """Return the seconds in a duration such as "1h30m5s", made of whole numbers that are each
    followed by the unit h (hours), m (minutes) or s (seconds). The empty text gives 0.

    >>> parse_short_duration("2m5s")
    125
    """
    units = {"h": 3600, "m": 60, "s": 1}
    seconds = 0
    digits = ""
    for char in text:
        if char.isdigit():
            digits += char
        else:
            seconds += int(digits) * units[char]
            digits = ""
    return seconds


def check_parse_short_duration(candidate):
    assert candidate("2m5s") == 125
    assert candidate("") == 0
    assert candidate("45s") == 45
    assert candidate("10m") == 600
    assert candidate("1h") == 3600
    assert candidate("1h30m5s") == 5405
    assert candidate("2h0m10s") == 7210
    assert candidate("120m") == 7200


def expand_page_ranges(text: str) -> list[int]:
    """Return the pages that text names, in the order of text. It is a list of pages such as "7" and
    ranges such as "1-3", separated by commas; a range includes both of its ends.

    >>> expand_page_ranges("1-3,7")
    [1, 2, 3, 7]
    """
    pages = []
    for part in text.split(","):
        if "-" in part:
            first, last = part.split("-")
            pages.extend(range(int(first), int(last) + 1))
        else:
            pages.append(int(part))
    return pages


def check_expand_page_ranges(candidate):
    assert candidate("1-3,7") == [1, 2, 3, 7]
    assert candidate("5") == [5]
    assert candidate("4-4") == [4]
    assert candidate("9-11") == [9, 10, 11]
    assert candidate("8,2-3,1") == [8, 2, 3, 1]
    assert candidate("1-2,2-3") == [1, 2, 2, 3]
    assert candidate("10,20,30-31") == [10, 20, 30, 31]


def format_page_ranges(pages: list[int]) -> str:
    """Return the pages, which are in rising order without repeats, as a text separated by commas.
    Two or more pages that follow each other are written as a range such as "1-3". No pages give the
    empty text.

    >>> format_page_ranges([1, 2, 3, 7])
    '1-3,7'
    """
    ranges = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    parts = []
    for first, last in ranges:
        parts.append(str(first) if first == last else f"{first}-{last}")
    return ",".join(parts)


def check_format_page_ranges(candidate):
    assert candidate([1, 2, 3, 7]) == "1-3,7"
    assert candidate([]) == ""
    assert candidate([5]) == "5"
    assert candidate([4, 5]) == "4-5"
    assert candidate([1, 3, 5]) == "1,3,5"
    assert candidate([2, 4, 5, 6, 9, 10]) == "2,4-6,9-10"
    assert candidate([8, 9, 10, 11]) == "8-11"
    assert candidate([1, 2, 4, 6, 7]) == "1-2,4,6-7"


def price_tag_cents(tag: str) -> int:
    """Return the cents in a price such as "$12.50" or "$3". After the point there are always two
    digits.

    >>> price_tag_cents("$12.50")
    1250
    """
    price = tag.removeprefix("$")
    if "." in price:
        dollars, cents = price.split(".")
        return int(dollars) * 100 + int(cents)
    return int(price) * 100


def check_price_tag_cents(candidate):
    assert candidate("$12.50") == 1250
    assert candidate("$3") == 300
    assert candidate("$0") == 0
    assert candidate("$0.99") == 99
    assert candidate("$0.05") == 5
    assert candidate("$200.00") == 20000
    assert candidate("$19.09") == 1909
    assert candidate("$40") == 4000


def parse_score_line(line: str) -> tuple[str, list[int]]:
    """Return the name before the colon of line, and the list of the whole numbers after it, which
    are separated by spaces. Spaces around the name are removed, and there may be no numbers.

    >>> parse_score_line("Ann: 3 4 5")
    ('Ann', [3, 4, 5])
    """
    name, scores = line.split(":")
    return (name.strip(), [int(score) for score in scores.split()])


def check_parse_score_line(candidate):
    assert candidate("Ann: 3 4 5") == ("Ann", [3, 4, 5])
    assert candidate("Bob:") == ("Bob", [])
    assert candidate("Cleo: 10") == ("Cleo", [10])
    assert candidate("  Red Team : 0 -2   7 ") == ("Red Team", [0, -2, 7])
    assert candidate("D:1 1") == ("D", [1, 1])
    assert candidate(": 6") == ("", [6])


def parse_shopping_item(text: str) -> tuple[int, str]:
    """Return the amount and the name of an item such as "3 ripe apples". If the first word is not a
    number, the amount is 1 and the name is the whole text.

    >>> parse_shopping_item("3 ripe apples")
    (3, 'ripe apples')
    >>> parse_shopping_item("bread")
    (1, 'bread')
    """
    words = text.split()
    if words[0].isdigit():
        return (int(words[0]), " ".join(words[1:]))
    return (1, text)


def check_parse_shopping_item(candidate):
    assert candidate("3 ripe apples") == (3, "ripe apples")
    assert candidate("bread") == (1, "bread")
    assert candidate("12 eggs") == (12, "eggs")
    assert candidate("olive oil") == (1, "olive oil")
    assert candidate("1 melon") == (1, "melon")
    assert candidate("batteries 4 pack") == (1, "batteries 4 pack")
    assert candidate("2 boxes of 6 pens") == (2, "boxes of 6 pens")


def parse_hex_color(text: str) -> tuple[int, int, int]:
    """Return the red, green and blue values (0 to 255) of a color of six hexadecimal digits such as
    "#ff8000". The "#" may be missing, and the digits may be in upper or lower case.

    >>> parse_hex_color("#ff8000")
    (255, 128, 0)
    """
    digits = text.removeprefix("#")
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def check_parse_hex_color(candidate):
    assert candidate("#ff8000") == (255, 128, 0)
    assert candidate("#000000") == (0, 0, 0)
    assert candidate("ffffff") == (255, 255, 255)
    assert candidate("#123456") == (18, 52, 86)
    assert candidate("A0b1C2") == (160, 177, 194)
    assert candidate("#00000a") == (0, 0, 10)


def parse_yes_no(text: str) -> bool | None:
    """Return True for "yes" or "y", False for "no" or "n", and None for every other text. Case and
    spaces around the text are ignored.

    >>> parse_yes_no("Yes")
    True
    """
    answer = text.strip().lower()
    if answer in ["yes", "y"]:
        return True
    if answer in ["no", "n"]:
        return False
    return None


def check_parse_yes_no(candidate):
    assert candidate("Yes") is True
    assert candidate("y") is True
    assert candidate("  YES ") is True
    assert candidate("no") is False
    assert candidate(" N") is False
    assert candidate("") is None
    assert candidate("maybe") is None
    assert candidate("yes no") is None
    assert candidate("not") is None


def strip_line_comment(line: str) -> str:
    """Return the part of line before its first "#", without the spaces at the end of that part.
    Spaces at the beginning of line stay.

    >>> strip_line_comment("x = 1  # one")
    'x = 1'
    """
    return line.split("#")[0].rstrip()


def check_strip_line_comment(candidate):
    assert candidate("x = 1  # one") == "x = 1"
    assert candidate("") == ""
    assert candidate("# only a comment") == ""
    assert candidate("no comment  ") == "no comment"
    assert candidate("  y = 2 # a # b") == "  y = 2"
    assert candidate("z#") == "z"
