"""Texts: building, padding, replacing, splitting, comparing and cutting text."""

LEVEL = 1


def age_sentence(name: str, age: int) -> str:
    """Return the name, then " is ", the age and " years old.".

    >>> age_sentence("Anna", 7)
    'Anna is 7 years old.'
    """
    return name + " is " + str(age) + " years old."


def check_age_sentence(candidate):
    assert candidate("Anna", 7) == "Anna is 7 years old."
    assert candidate("Ben", 12) == "Ben is 12 years old."
    assert candidate("Mia", 0) == "Mia is 0 years old."
    assert candidate("The old oak", 100) == "The old oak is 100 years old."
    assert candidate("", 3) == " is 3 years old."
    assert candidate("x", 1) == "x is 1 years old."


def wrap_in_tag(tag: str, text: str) -> str:
    """Return text between an opening tag like "<b>" and a closing tag like "</b>".

    >>> wrap_in_tag("b", "hello")
    '<b>hello</b>'
    """
    return f"<{tag}>{text}</{tag}>"


def check_wrap_in_tag(candidate):
    assert candidate("b", "hello") == "<b>hello</b>"
    assert candidate("p", "one two") == "<p>one two</p>"
    assert candidate("h1", "News") == "<h1>News</h1>"
    assert candidate("li", "") == "<li></li>"
    assert candidate("i", "i") == "<i>i</i>"
    assert candidate("p", "<b>x</b>") == "<p><b>x</b></p>"


def pad_ticket_number(number: int) -> str:
    """Return number as text, with zeros in front if it has fewer than four digits, so that it has
    four. The number is never negative.

    >>> pad_ticket_number(25)
    '0025'
    """
    return str(number).zfill(4)


def check_pad_ticket_number(candidate):
    assert candidate(25) == "0025"
    assert candidate(0) == "0000"
    assert candidate(7) == "0007"
    assert candidate(300) == "0300"
    assert candidate(1234) == "1234"
    assert candidate(56789) == "56789"


def center_title(title: str, width: int) -> str:
    """Return title with the same number of dashes on both sides, so that the result has width
    characters.

    >>> center_title("Menu", 10)
    '---Menu---'
    """
    return title.center(width, "-")


def check_center_title(candidate):
    assert candidate("Menu", 10) == "---Menu---"
    assert candidate("Menu", 4) == "Menu"
    assert candidate("Menu", 6) == "-Menu-"
    assert candidate("one two", 11) == "--one two--"
    assert candidate("x", 5) == "--x--"
    assert candidate("", 4) == "----"


def fill_with_dots(text: str, width: int) -> str:
    """Return text with dots added at the end until it has width characters. A text that is already
    that long is returned unchanged.

    >>> fill_with_dots("tea", 6)
    'tea...'
    """
    return text.ljust(width, ".")


def check_fill_with_dots(candidate):
    assert candidate("tea", 6) == "tea..."
    assert candidate("tea", 4) == "tea."
    assert candidate("tea", 3) == "tea"
    assert candidate("tea", 2) == "tea"
    assert candidate("a b", 5) == "a b.."
    assert candidate("", 3) == "..."
    assert candidate("", 0) == ""


def hide_word(text: str, word: str) -> str:
    """Return text with every occurrence of word replaced by three stars.

    >>> hide_word("the red car", "red")
    'the *** car'
    """
    return text.replace(word, "***")


def check_hide_word(candidate):
    assert candidate("the red car", "red") == "the *** car"
    assert candidate("red red", "red") == "*** ***"
    assert candidate("the blue car", "red") == "the blue car"
    assert candidate("secret", "secret") == "***"
    assert candidate("Red hundreds", "red") == "Red hund***s"
    assert candidate("", "red") == ""


def replace_first_comma(text: str) -> str:
    """Return text with its first comma replaced by a semicolon. Other commas stay.

    >>> replace_first_comma("a,b,c")
    'a;b,c'
    """
    return text.replace(",", ";", 1)


def check_replace_first_comma(candidate):
    assert candidate("a,b,c") == "a;b,c"
    assert candidate("a,b") == "a;b"
    assert candidate("abc") == "abc"
    assert candidate(",,") == ";,"
    assert candidate("x;y,z") == "x;y;z"
    assert candidate("") == ""
    assert candidate("end,") == "end;"


def split_at_commas(text: str) -> list[str]:
    """Return the list of the parts of text between the commas. Parts may be empty.

    >>> split_at_commas("red,green,blue")
    ['red', 'green', 'blue']
    """
    return text.split(",")


def check_split_at_commas(candidate):
    assert candidate("red,green,blue") == ["red", "green", "blue"]
    assert candidate("red") == ["red"]
    assert candidate("a,b") == ["a", "b"]
    assert candidate("a,,b") == ["a", "", "b"]
    assert candidate(",x") == ["", "x"]
    assert candidate("one two,three") == ["one two", "three"]
    assert candidate("") == [""]


def user_of_email(address: str) -> str:
    """Return the part of an email address before the "@". There is always exactly one "@".

    >>> user_of_email("anna@example.com")
    'anna'
    """
    return address.split("@")[0]


def check_user_of_email(candidate):
    assert candidate("anna@example.com") == "anna"
    assert candidate("ben.lee@mail.org") == "ben.lee"
    assert candidate("x@y") == "x"
    assert candidate("Info@shop.de") == "Info"
    assert candidate("a1_b2@a1.com") == "a1_b2"
    assert candidate("@home") == ""


def is_picture_file(name: str) -> bool:
    """Return whether the file name ends with ".png" or ".jpg", in lower case.

    >>> is_picture_file("cat.png")
    True
    """
    return name.endswith(".png") or name.endswith(".jpg")


def check_is_picture_file(candidate):
    assert candidate("cat.png") is True
    assert candidate("dog.jpg") is True
    assert candidate("notes.txt") is False
    assert candidate("cat.PNG") is False
    assert candidate(".png.txt") is False
    assert candidate(".jpg.old") is False
    assert candidate("jpg") is False
    assert candidate("") is False


def capitalize_each_word(text: str) -> str:
    """Return text with the first letter of each word in upper case and all others in lower case.

    >>> capitalize_each_word("the old man")
    'The Old Man'
    """
    return text.title()


def check_capitalize_each_word(candidate):
    assert candidate("the old man") == "The Old Man"
    assert candidate("hello") == "Hello"
    assert candidate("NEW YORK") == "New York"
    assert candidate("Anna bELL") == "Anna Bell"
    assert candidate("a b") == "A B"
    assert candidate("") == ""


def same_ignoring_case(first: str, second: str) -> bool:
    """Return whether the two texts are the same when upper and lower case are ignored.

    >>> same_ignoring_case("Hello", "hELLO")
    True
    """
    return first.lower() == second.lower()


def check_same_ignoring_case(candidate):
    assert candidate("Hello", "hELLO") is True
    assert candidate("abc", "abc") is True
    assert candidate("abc", "abd") is False
    assert candidate("CAT", "cat") is True
    assert candidate("cat", "cats") is False
    assert candidate("", "") is True
    assert candidate("", "a") is False


def count_brackets(text: str) -> int:
    """Return how many round brackets are in text, opening and closing ones together.

    >>> count_brackets("f(x) + 1")
    2
    """
    return text.count("(") + text.count(")")


def check_count_brackets(candidate):
    assert candidate("f(x) + 1") == 2
    assert candidate("") == 0
    assert candidate("abc") == 0
    assert candidate("(((") == 3
    assert candidate("a) b)") == 2
    assert candidate("((a) b))") == 5
    assert candidate("[1] {2}") == 0


def count_not_spaces(text: str) -> int:
    """Return how many characters of text are not spaces.

    >>> count_not_spaces("a bc d")
    4
    """
    return len(text) - text.count(" ")


def check_count_not_spaces(candidate):
    assert candidate("a bc d") == 4
    assert candidate("hello") == 5
    assert candidate("") == 0
    assert candidate("   ") == 0
    assert candidate(" x ") == 1
    assert candidate("1, 2!") == 4


def first_half(text: str) -> str:
    """Return the first half of text. If its length is odd, the middle character is left out.

    >>> first_half("banana")
    'ban'
    """
    return text[: len(text) // 2]


def check_first_half(candidate):
    assert candidate("banana") == "ban"
    assert candidate("hello") == "he"
    assert candidate("ab") == "a"
    assert candidate("abc") == "a"
    assert candidate("x") == ""
    assert candidate("") == ""
    assert candidate("one, two") == "one,"


def month_of_date(date: str) -> str:
    """Return the two digits of the month of a date that is written like "2024-05-17".

    >>> month_of_date("2024-05-17")
    '05'
    """
    return date[5:7]


def check_month_of_date(candidate):
    assert candidate("2024-05-17") == "05"
    assert candidate("1999-12-31") == "12"
    assert candidate("2000-01-02") == "01"
    assert candidate("1850-10-11") == "10"
    assert candidate("2023-08-08") == "08"
    assert candidate("0007-11-30") == "11"


def with_final_dot(text: str) -> str:
    """Return text with a dot added at the end, or unchanged if it already ends with a dot.

    >>> with_final_dot("I am here")
    'I am here.'
    """
    if text.endswith("."):
        return text
    return text + "."


def check_with_final_dot(candidate):
    assert candidate("I am here") == "I am here."
    assert candidate("Done.") == "Done."
    assert candidate(".net") == ".net."
    assert candidate("") == "."
    assert candidate(".") == "."
    assert candidate("Wait...") == "Wait..."
    assert candidate("Why?") == "Why?."


def without_prefix(text: str, prefix: str) -> str:
    """Return text without prefix at its start, or unchanged if it does not start with prefix.

    >>> without_prefix("Mr. Smith", "Mr. ")
    'Smith'
    """
    if text.startswith(prefix):
        return text[len(prefix) :]
    return text


def check_without_prefix(candidate):
    assert candidate("Mr. Smith", "Mr. ") == "Smith"
    assert candidate("Smith", "Mr. ") == "Smith"
    assert candidate("banana", "na") == "banana"
    assert candidate("aab", "a") == "ab"
    assert candidate("undo", "undo") == ""
    assert candidate("hello", "") == "hello"
    assert candidate("", "x") == ""


def spell_word(word: str) -> str:
    """Return the letters of word with a dash between every two of them.

    >>> spell_word("cat")
    'c-a-t'
    """
    return "-".join(word)


def check_spell_word(candidate):
    assert candidate("cat") == "c-a-t"
    assert candidate("no") == "n-o"
    assert candidate("a") == "a"
    assert candidate("") == ""
    assert candidate("Anna") == "A-n-n-a"
    assert candidate("42") == "4-2"


def position_of_letter(text: str, letter: str) -> int:
    """Return the position of the first place where letter is in text, counted from 0. Return -1 if
    letter is not in text.

    >>> position_of_letter("banana", "n")
    2
    """
    return text.find(letter)


def check_position_of_letter(candidate):
    assert candidate("banana", "n") == 2
    assert candidate("banana", "b") == 0
    assert candidate("cat", "t") == 2
    assert candidate("cat", "x") == -1
    assert candidate("Cat", "c") == -1
    assert candidate("a a", " ") == 1
    assert candidate("", "a") == -1
