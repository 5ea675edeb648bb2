"""Strings: words, names, labels and short texts."""

LEVEL = 2


def initials_with_dots(name: str) -> str:
    """Return the first letter of every word of name in upper case, each followed by a dot. An empty
    name gives the empty string.

    >>> initials_with_dots("Ada Lovelace")
    'A.L.'
    """
    return "".join(word[0].upper() + "." for word in name.split())


def check_initials_with_dots(candidate):
    assert candidate("Ada Lovelace") == "A.L."
    assert candidate("") == ""
    assert candidate("plato") == "P."
    assert candidate("john ronald reuel Tolkien") == "J.R.R.T."
    assert candidate("  Bo   Li ") == "B.L."
    assert candidate("A b") == "A.B."


def mask_card_number(number: str) -> str:
    """Return number with every character except the last four replaced by "*". A number of four or
    fewer characters is returned unchanged.

    >>> mask_card_number("12345678")
    '****5678'
    """
    return "*" * (len(number) - 4) + number[-4:]


def check_mask_card_number(candidate):
    assert candidate("12345678") == "****5678"
    assert candidate("") == ""
    assert candidate("12") == "12"
    assert candidate("9876") == "9876"
    assert candidate("10203") == "*0203"
    assert candidate("1111222233334444") == "************4444"
    assert candidate("12-34-56") == "****4-56"


def shout_last_word(sentence: str) -> str:
    """Return the words of sentence joined by single spaces, with the last word in upper case. A
    sentence without words gives the empty string.

    >>> shout_last_word("please come home")
    'please come HOME'
    """
    words = sentence.split()
    if words:
        words[-1] = words[-1].upper()
    return " ".join(words)


def check_shout_last_word(candidate):
    assert candidate("please come home") == "please come HOME"
    assert candidate("") == ""
    assert candidate("   ") == ""
    assert candidate("stop") == "STOP"
    assert candidate("I  said   no!") == "I said NO!"
    assert candidate("We Won") == "We WON"
    assert candidate("go go go") == "go go GO"


def name_badge(first: str, last: str) -> str:
    """Return the last name in upper case, a comma, a space and the first name as it is. If the last
    name is empty, return only the first name.

    >>> name_badge("Ada", "Lovelace")
    'LOVELACE, Ada'
    >>> name_badge("Plato", "")
    'Plato'
    """
    if last == "":
        return first
    return last.upper() + ", " + first


def check_name_badge(candidate):
    assert candidate("Ada", "Lovelace") == "LOVELACE, Ada"
    assert candidate("Plato", "") == "Plato"
    assert candidate("bob", "") == "bob"
    assert candidate("bob", "stone") == "STONE, bob"
    assert candidate("Anne Marie", "Le Roy") == "LE ROY, Anne Marie"
    assert candidate("X", "y") == "Y, X"


def count_doubled_letters(word: str) -> int:
    """Return how many letters of word are directly followed by the same letter, ignoring case.
    Three equal letters in a row count as two.

    >>> count_doubled_letters("balloon")
    2
    """
    word = word.lower()
    count = 0
    for i in range(len(word) - 1):
        if word[i] == word[i + 1]:
            count += 1
    return count


def check_count_doubled_letters(candidate):
    assert candidate("balloon") == 2
    assert candidate("") == 0
    assert candidate("a") == 0
    assert candidate("Aaron") == 1
    assert candidate("hmmm") == 2
    assert candidate("bookkeeper") == 3
    assert candidate("banana") == 0
    assert candidate("less") == 1


def stutter_word(word: str, times: int) -> str:
    """Return word with its first letter and a dash put in front of it the given number of times.
    The word has at least one letter, and zero times leaves it unchanged.

    >>> stutter_word("bear", 2)
    'b-b-bear'
    """
    return (word[0] + "-") * times + word


def check_stutter_word(candidate):
    assert candidate("bear", 2) == "b-b-bear"
    assert candidate("bear", 0) == "bear"
    assert candidate("Hello", 1) == "H-Hello"
    assert candidate("a", 3) == "a-a-a-a"
    assert candidate("no", 4) == "n-n-n-n-no"
    assert candidate("well done", 1) == "w-well done"


def abbreviate_middle(word: str) -> str:
    """Return the first letter of word, the number of letters between the first and the last one,
    and the last letter. A word of three or fewer letters is returned unchanged.

    >>> abbreviate_middle("keyboard")
    'k6d'
    """
    if len(word) <= 3:
        return word
    return word[0] + str(len(word) - 2) + word[-1]


def check_abbreviate_middle(candidate):
    assert candidate("keyboard") == "k6d"
    assert candidate("") == ""
    assert candidate("a") == "a"
    assert candidate("cat") == "cat"
    assert candidate("moon") == "m2n"
    assert candidate("Tiger") == "T3r"
    assert candidate("internationalization") == "i18n"


def shorten_headline(text: str, width: int) -> str:
    """Return text unchanged if it has at most width characters. Otherwise return its first width -
    3 characters followed by "..."; width is at least 3.

    >>> shorten_headline("Storm hits the coast", 10)
    'Storm h...'
    """
    if len(text) <= width:
        return text
    return text[: width - 3] + "..."


def check_shorten_headline(candidate):
    assert candidate("Storm hits the coast", 10) == "Storm h..."
    assert candidate("", 5) == ""
    assert candidate("Rain", 4) == "Rain"
    assert candidate("Rainy", 4) == "R..."
    assert candidate("Snow", 3) == "..."
    assert candidate("Sun", 20) == "Sun"
    assert candidate("Team wins", 8) == "Team ..."


def is_alliteration(sentence: str) -> bool:
    """Return whether all words of sentence begin with the same letter, ignoring case. A sentence of
    no words or one word counts as True.

    >>> is_alliteration("Peter picked peppers")
    True
    >>> is_alliteration("Peter ate peppers")
    False
    """
    first_letters = {word[0].lower() for word in sentence.split()}
    return len(first_letters) <= 1


def check_is_alliteration(candidate):
    assert candidate("Peter picked peppers") is True
    assert candidate("Peter ate peppers") is False
    assert candidate("") is True
    assert candidate("Hello") is True
    assert candidate("a") is True
    assert candidate("big Brown bear") is True
    assert candidate("big brown cat") is False
    assert candidate("one two three") is False
    assert candidate("cat bat") is False


def drop_polite_words(sentence: str) -> str:
    """Return sentence without the words "please" and "thanks" in any case, the other words joined
    by single spaces. Only whole words are dropped.

    >>> drop_polite_words("Please open the door")
    'open the door'
    """
    kept = []
    for word in sentence.split():
        if word.lower() not in ["please", "thanks"]:
            kept.append(word)
    return " ".join(kept)


def check_drop_polite_words(candidate):
    assert candidate("Please open the door") == "open the door"
    assert candidate("") == ""
    assert candidate("thanks please THANKS") == ""
    assert candidate("Two teas please thanks") == "Two teas"
    assert candidate("I was pleased") == "I was pleased"
    assert candidate("No  PLEASE  Wait") == "No Wait"
    assert candidate("go home") == "go home"


def number_text_lines(lines: list[str]) -> list[str]:
    """Return every line with its number, a colon and a space in front of it. The first line has the
    number 1, and empty lines are numbered too.

    >>> number_text_lines(["eggs", "milk"])
    ['1: eggs', '2: milk']
    """
    return [f"{number}: {line}" for number, line in enumerate(lines, 1)]


def check_number_text_lines(candidate):
    assert candidate(["eggs", "milk"]) == ["1: eggs", "2: milk"]
    assert candidate([]) == []
    assert candidate([""]) == ["1: "]
    assert candidate(["a", "", "b"]) == ["1: a", "2: ", "3: b"]
    assert candidate(["same", "same"]) == ["1: same", "2: same"]
    assert candidate(["  indented"]) == ["1:   indented"]


def common_ending(first: str, second: str) -> str:
    """Return the longest text that both first and second end with. Upper and lower case letters are
    different, and the result may be empty.

    >>> common_ending("running", "sitting")
    'ing'
    """
    ending = ""
    for a, b in zip(reversed(first), reversed(second)):
        if a != b:
            break
        ending = a + ending
    return ending


def check_common_ending(candidate):
    assert candidate("running", "sitting") == "ing"
    assert candidate("", "cat") == ""
    assert candidate("cat", "dog") == ""
    assert candidate("cat", "cat") == "cat"
    assert candidate("light", "moonlight") == "light"
    assert candidate("table", "tale") == "le"
    assert candidate("roaD", "toad") == ""
    assert candidate("sunday", "monday") == "nday"


def count_loud_words(sentence: str) -> int:
    """Return how many words of sentence have at least two characters and are in upper case, which
    means that they have a letter but no lower case letter.

    >>> count_loud_words("STOP it right NOW")
    2
    """
    count = 0
    for word in sentence.split():
        if len(word) >= 2 and word.isupper():
            count += 1
    return count


def check_count_loud_words(candidate):
    assert candidate("STOP it right NOW") == 2
    assert candidate("") == 0
    assert candidate("I am A cat") == 0
    assert candidate("GO") == 1
    assert candidate("HELP! HELP! Help!") == 2
    assert candidate("ROOM 12 is B7") == 2
    assert candidate("quiet words") == 0


def hangman_view(word: str, guessed: str) -> str:
    """Return the letters of word joined by single spaces, with "_" in place of each letter that
    does not occur in guessed. Both are in lower case.

    >>> hangman_view("cat", "tc")
    'c _ t'
    """
    return " ".join(letter if letter in guessed else "_" for letter in word)


def check_hangman_view(candidate):
    assert candidate("cat", "tc") == "c _ t"
    assert candidate("", "abc") == ""
    assert candidate("dog", "") == "_ _ _"
    assert candidate("dog", "xgdo") == "d o g"
    assert candidate("banana", "a") == "_ a _ a _ a"
    assert candidate("letter", "et") == "_ e t t e _"
    assert candidate("x", "y") == "_"


def count_with_noun(count: int, noun: str) -> str:
    """Return count, a space and noun, where noun gets an "s" at its end unless count is 1. A noun
    that ends in "s" or "x" gets "es" instead of "s".

    >>> count_with_noun(3, "apple")
    '3 apples'
    >>> count_with_noun(2, "box")
    '2 boxes'
    """
    if count == 1:
        return f"{count} {noun}"
    if noun[-1] in ["s", "x"]:
        return f"{count} {noun}es"
    return f"{count} {noun}s"


def check_count_with_noun(candidate):
    assert candidate(3, "apple") == "3 apples"
    assert candidate(2, "box") == "2 boxes"
    assert candidate(1, "apple") == "1 apple"
    assert candidate(1, "bus") == "1 bus"
    assert candidate(0, "ticket") == "0 tickets"
    assert candidate(4, "bus") == "4 buses"
    assert candidate(0, "fox") == "0 foxes"
    assert candidate(2, "star") == "2 stars"


def row_seat_labels(row: int, seats: int) -> list[str]:
    """Return the labels of the seats in a row: the row number followed by the letters "A", "B", "C"
    and so on. There are at most 26 seats, and zero seats give the empty list.

    >>> row_seat_labels(4, 3)
    ['4A', '4B', '4C']
    """
    return [str(row) + chr(ord("A") + seat) for seat in range(seats)]


def check_row_seat_labels(candidate):
    assert candidate(4, 3) == ["4A", "4B", "4C"]
    assert candidate(1, 0) == []
    assert candidate(12, 1) == ["12A"]
    assert candidate(7, 6) == ["7A", "7B", "7C", "7D", "7E", "7F"]
    assert candidate(30, 2) == ["30A", "30B"]
    assert candidate(25, 4) == ["25A", "25B", "25C", "25D"]


def choose_article(noun: str) -> str:
    """Return noun with "an " in front of it if its first letter is a, e, i, o or u in any case, and
    with "a " in front of it otherwise. The noun has at least one letter.

    >>> choose_article("apple")
    'an apple'
    >>> choose_article("pear")
    'a pear'
    """
    if noun[0].lower() in ["a", "e", "i", "o", "u"]:
        return "an " + noun
    return "a " + noun


def check_choose_article(candidate):
    assert candidate("apple") == "an apple"
    assert candidate("pear") == "a pear"
    assert candidate("egg") == "an egg"
    assert candidate("Igloo") == "an Igloo"
    assert candidate("OX") == "an OX"
    assert candidate("umbrella") == "an umbrella"
    assert candidate("hour") == "a hour"
    assert candidate("yard") == "a yard"
    assert candidate("T") == "a T"


def password_score(password: str) -> int:
    """Return one point for each of these: the password has at least 8 characters, it contains a
    digit, it contains an upper case letter, it contains a character that is neither a letter nor a
    digit.

    >>> password_score("Secret7")
    2
    """
    score = 0
    if len(password) >= 8:
        score += 1
    if any(char.isdigit() for char in password):
        score += 1
    if any(char.isupper() for char in password):
        score += 1
    if any(not char.isalnum() for char in password):
        score += 1
    return score


def check_password_score(candidate):
    assert candidate("Secret7") == 2
    assert candidate("") == 0
    assert candidate("abcdefg") == 0
    assert candidate("abcdefgh") == 1
    assert candidate("abcdefghijk") == 1
    assert candidate("12") == 1
    assert candidate("ABC") == 1
    assert candidate("a b") == 1
    assert candidate("Long-Word") == 3
    assert candidate("Blue_Sky_42") == 4


def count_rhymes(word: str, others: list[str]) -> int:
    """Return how many of the others end with the last two letters of word, ignoring case. Words
    equal to word are not counted, and word has at least two letters.

    >>> count_rhymes("cat", ["hat", "dog", "cat", "boat"])
    2
    """
    word = word.lower()
    count = 0
    for other in others:
        other = other.lower()
        if other != word and other.endswith(word[-2:]):
            count += 1
    return count


def check_count_rhymes(candidate):
    assert candidate("cat", ["hat", "dog", "cat", "boat"]) == 2
    assert candidate("cat", []) == 0
    assert candidate("Cat", ["HAT", "CAT", "bit"]) == 1
    assert candidate("light", ["night", "kite", "might", "right"]) == 3
    assert candidate("sun", ["n", "", "in", "un"]) == 1
    assert candidate("moon", ["cartoon", "man"]) == 1
    assert candidate("house", ["chair", "desk"]) == 0
    assert candidate("day", ["may", "may"]) == 2


def keypad_presses(word: str) -> int:
    """Return how many key presses an old phone needs for word in lower case. The keys are abc, def,
    ghi, jkl, mno, pqrs, tuv and wxyz, and the first letter of a key needs 1 press, the second 2 and
    so on. Characters that are on no key need no press.

    >>> keypad_presses("cab")
    6
    """
    keys = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"]
    presses = 0
    for letter in word:
        for key in keys:
            if letter in key:
                presses += key.index(letter) + 1
    return presses


def check_keypad_presses(candidate):
    assert candidate("cab") == 6
    assert candidate("") == 0
    assert candidate("a") == 1
    assert candidate("hello") == 13
    assert candidate("sz") == 8
    assert candidate("adgjmptw") == 8
    assert candidate("filorvy") == 21
    assert candidate("a b_7") == 3
