"""Characters: the simplest things to do with text."""

LEVEL = 1


def capitalize_text(text: str) -> str:
    """Return text with its first letter in upper case and all others in lower case.

    >>> capitalize_text("hello")
    'Hello'
    """
    return text.capitalize()


def check_capitalize_text(candidate):
    assert candidate("hello") == "Hello"
    assert candidate("HELLO") == "Hello"
    assert candidate("hello world") == "Hello world"
    assert candidate("Anna") == "Anna"
    assert candidate("") == ""
    assert candidate("x") == "X"


def is_all_digits(text: str) -> bool:
    """Return whether text has only digits. The empty text gives False.

    >>> is_all_digits("123")
    True
    """
    return text.isdigit()


def check_is_all_digits(candidate):
    assert candidate("123") is True
    assert candidate("12a") is False
    assert candidate("abc") is False
    assert candidate("0") is True
    assert candidate("") is False
    assert candidate("1 2") is False
    assert candidate("-5") is False


def first_character(text: str) -> str:
    """Return the first character of text. The text is never empty.

    >>> first_character("hello")
    'h'
    """
    return text[0]


def check_first_character(candidate):
    assert candidate("hello") == "h"
    assert candidate("a") == "a"
    assert candidate("Python") == "P"
    assert candidate(" x") == " "
    assert candidate("123") == "1"
    assert candidate("zz top") == "z"


def last_two_characters(text: str) -> str:
    """Return the last two characters of text. Return all of it if it is shorter.

    >>> last_two_characters("hello")
    'lo'
    """
    return text[-2:]


def check_last_two_characters(candidate):
    assert candidate("hello") == "lo"
    assert candidate("abc") == "bc"
    assert candidate("ab") == "ab"
    assert candidate("a") == "a"
    assert candidate("") == ""
    assert candidate("12 34") == "34"


def first_three_characters(text: str) -> str:
    """Return the first three characters of text. Return all of it if it is shorter.

    >>> first_three_characters("hello")
    'hel'
    """
    return text[:3]


def check_first_three_characters(candidate):
    assert candidate("hello") == "hel"
    assert candidate("abc") == "abc"
    assert candidate("abcd") == "abc"
    assert candidate("ab") == "ab"
    assert candidate("a") == "a"
    assert candidate("") == ""


def join_with_space(first: str, second: str) -> str:
    """Return the two words joined with a space.

    >>> join_with_space("good", "morning")
    'good morning'
    """
    return first + " " + second


def check_join_with_space(candidate):
    assert candidate("good", "morning") == "good morning"
    assert candidate("a", "b") == "a b"
    assert candidate("New", "York") == "New York"
    assert candidate("x", "x") == "x x"
    assert candidate("1", "2") == "1 2"
    assert candidate("", "") == " "


def starts_with(text: str, prefix: str) -> bool:
    """Return whether text starts with prefix.

    >>> starts_with("hello", "he")
    True
    """
    return text.startswith(prefix)


def check_starts_with(candidate):
    assert candidate("hello", "he") is True
    assert candidate("hello", "lo") is False
    assert candidate("hello", "hello") is True
    assert candidate("he", "hello") is False
    assert candidate("hello", "H") is False
    assert candidate("hello", "") is True


def ends_with(text: str, suffix: str) -> bool:
    """Return whether text ends with suffix.

    >>> ends_with("hello", "lo")
    True
    """
    return text.endswith(suffix)


def check_ends_with(candidate):
    assert candidate("hello", "lo") is True
    assert candidate("hello", "he") is False
    assert candidate("hello", "hello") is True
    assert candidate("lo", "hello") is False
    assert candidate("hello", "O") is False
    assert candidate("hello", "") is True


def repeat_text(text: str, times: int) -> str:
    """Return text repeated the given number of times.

    >>> repeat_text("ab", 3)
    'ababab'
    """
    return text * times


def check_repeat_text(candidate):
    assert candidate("ab", 3) == "ababab"
    assert candidate("ab", 1) == "ab"
    assert candidate("ab", 0) == ""
    assert candidate("x", 5) == "xxxxx"
    assert candidate("", 4) == ""
    assert candidate("ha ", 2) == "ha ha "


def reverse_text(text: str) -> str:
    """Return text reversed.

    >>> reverse_text("hello")
    'olleh'
    """
    return text[::-1]


def check_reverse_text(candidate):
    assert candidate("hello") == "olleh"
    assert candidate("ab") == "ba"
    assert candidate("a") == "a"
    assert candidate("") == ""
    assert candidate("one two") == "owt eno"
    assert candidate("Abc") == "cbA"


def strip_spaces(text: str) -> str:
    """Return text without the spaces at its start and end.

    >>> strip_spaces("  hello ")
    'hello'
    """
    return text.strip()


def check_strip_spaces(candidate):
    assert candidate("  hello ") == "hello"
    assert candidate("hello") == "hello"
    assert candidate("   a") == "a"
    assert candidate("a   ") == "a"
    assert candidate(" one two ") == "one two"
    assert candidate("   ") == ""
    assert candidate("") == ""


def spaces_to_dashes(text: str) -> str:
    """Return text with every space replaced by a dash.

    >>> spaces_to_dashes("one two three")
    'one-two-three'
    """
    return text.replace(" ", "-")


def check_spaces_to_dashes(candidate):
    assert candidate("one two three") == "one-two-three"
    assert candidate("hello") == "hello"
    assert candidate(" a ") == "-a-"
    assert candidate("a  b") == "a--b"
    assert candidate("") == ""
    assert candidate("a-b c") == "a-b-c"


def count_letter(text: str, letter: str) -> int:
    """Return how many times letter occurs in text.

    >>> count_letter("banana", "a")
    3
    """
    return text.count(letter)


def check_count_letter(candidate):
    assert candidate("banana", "a") == 3
    assert candidate("banana", "b") == 1
    assert candidate("banana", "x") == 0
    assert candidate("Anna", "a") == 1
    assert candidate("", "a") == 0
    assert candidate("zzzz", "z") == 4


def letter_in_text(letter: str, text: str) -> bool:
    """Return whether letter is in text.

    >>> letter_in_text("e", "hello")
    True
    """
    return letter in text


def check_letter_in_text(candidate):
    assert candidate("e", "hello") is True
    assert candidate("h", "hello") is True
    assert candidate("o", "hello") is True
    assert candidate("x", "hello") is False
    assert candidate("H", "hello") is False
    assert candidate("a", "") is False


def is_empty_text(text: str) -> bool:
    """Return whether text is empty.

    >>> is_empty_text("")
    True
    """
    return text == ""


def check_is_empty_text(candidate):
    assert candidate("") is True
    assert candidate("a") is False
    assert candidate("hello") is False
    assert candidate(" ") is False
    assert candidate("0") is False
    assert candidate("_") is False


def same_length(first: str, second: str) -> bool:
    """Return whether the two texts have the same length.

    >>> same_length("cat", "dog")
    True
    """
    return len(first) == len(second)


def check_same_length(candidate):
    assert candidate("cat", "dog") is True
    assert candidate("cat", "horse") is False
    assert candidate("horse", "cat") is False
    assert candidate("", "") is True
    assert candidate("a", "") is False
    assert candidate("a b", "abc") is True


def say_hello(name: str) -> str:
    """Return "Hello, " followed by the name.

    >>> say_hello("Anna")
    'Hello, Anna'
    """
    return "Hello, " + name


def check_say_hello(candidate):
    assert candidate("Anna") == "Hello, Anna"
    assert candidate("Ben") == "Hello, Ben"
    assert candidate("world") == "Hello, world"
    assert candidate("x") == "Hello, x"
    assert candidate("") == "Hello, "
    assert candidate("Mary Jane") == "Hello, Mary Jane"


def add_exclamation_mark(text: str) -> str:
    """Return text with an exclamation mark added at the end.

    >>> add_exclamation_mark("hello")
    'hello!'
    """
    return text + "!"


def check_add_exclamation_mark(candidate):
    assert candidate("hello") == "hello!"
    assert candidate("a") == "a!"
    assert candidate("") == "!"
    assert candidate("wow!") == "wow!!"
    assert candidate("one two") == "one two!"
    assert candidate("Stop") == "Stop!"


def list_words(text: str) -> list[str]:
    """Return the list of the words in text. Words are separated by one or more spaces.

    >>> list_words("one two three")
    ['one', 'two', 'three']
    """
    return text.split()


def check_list_words(candidate):
    assert candidate("one two three") == ["one", "two", "three"]
    assert candidate("hello") == ["hello"]
    assert candidate("a b") == ["a", "b"]
    assert candidate("") == []
    assert candidate("a  b") == ["a", "b"]
    assert candidate(" x y ") == ["x", "y"]


def count_words(text: str) -> int:
    """Return the number of words in text. Words are separated by one or more spaces.

    >>> count_words("one two three")
    3
    """
    return len(text.split())


def check_count_words(candidate):
    assert candidate("one two three") == 3
    assert candidate("hello") == 1
    assert candidate("a b") == 2
    assert candidate("") == 0
    assert candidate("a  b") == 2
    assert candidate(" x y ") == 2
