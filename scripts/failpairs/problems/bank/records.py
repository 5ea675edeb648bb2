"""Records: reading, updating, building and filtering small dictionaries and tables."""

LEVEL = 1


def name_of_pet(pet: dict) -> str:
    """Return the value of the key "name" of the pet.

    >>> name_of_pet({"name": "Rex", "kind": "dog"})
    'Rex'
    """
    return pet["name"]


def check_name_of_pet(candidate):
    assert candidate({"name": "Rex", "kind": "dog"}) == "Rex"
    assert candidate({"kind": "cat", "name": "Tom"}) == "Tom"
    assert candidate({"name": "Bo"}) == "Bo"
    assert candidate({"name": "dog", "kind": "dog"}) == "dog"
    assert candidate({"name": "", "kind": "fish"}) == ""
    assert candidate({"age": 4, "Name": "no", "name": "Mia", "kind": "cat"}) == "Mia"


def full_name_of(person: dict[str, str]) -> str:
    """Return the values of the keys "first" and "last" of the person, with a space between them.

    >>> full_name_of({"first": "Ann", "last": "Lee"})
    'Ann Lee'
    """
    return person["first"] + " " + person["last"]


def check_full_name_of(candidate):
    assert candidate({"first": "Ann", "last": "Lee"}) == "Ann Lee"
    assert candidate({"last": "Poe", "first": "Tim"}) == "Tim Poe"
    assert candidate({"first": "Eva", "last": "Eva"}) == "Eva Eva"
    assert candidate({"first": "Bo", "middle": "X", "last": "Ray"}) == "Bo Ray"
    assert candidate({"first": "Mary Ann", "last": "de Wit"}) == "Mary Ann de Wit"
    assert candidate({"first": "a", "last": "b"}) == "a b"


def order_cost(order: dict) -> int:
    """Return the "price" of the order times its "amount".

    >>> order_cost({"item": "tea", "price": 3, "amount": 4})
    12
    """
    return order["price"] * order["amount"]


def check_order_cost(candidate):
    assert candidate({"item": "tea", "price": 3, "amount": 4}) == 12
    assert candidate({"item": "cup", "price": 5, "amount": 1}) == 5
    assert candidate({"item": "cup", "price": 5, "amount": 0}) == 0
    assert candidate({"item": "gift", "price": 0, "amount": 7}) == 0
    assert candidate({"amount": 10, "price": 20}) == 200
    assert candidate({"price": 1, "amount": 1}) == 1


def celebrate_birthday(person: dict) -> dict:
    """Add one to the "age" of the person and return the person.

    >>> celebrate_birthday({"name": "Ann", "age": 30})
    {'name': 'Ann', 'age': 31}
    """
    person["age"] += 1
    return person


def check_celebrate_birthday(candidate):
    assert candidate({"name": "Ann", "age": 30}) == {"name": "Ann", "age": 31}
    assert candidate({"age": 0}) == {"age": 1}
    assert candidate({"name": "Bo", "age": 1}) == {"name": "Bo", "age": 2}
    assert candidate({"age": 99, "name": "Eve"}) == {"age": 100, "name": "Eve"}
    assert candidate({"age": 5, "shoe": 5}) == {"age": 6, "shoe": 5}
    assert candidate({"name": "", "age": 17}) == {"name": "", "age": 18}


def make_person(name: str, age: int) -> dict:
    """Return a dictionary with name under the key "name" and age under the key "age".

    >>> make_person("Ann", 30)
    {'name': 'Ann', 'age': 30}
    """
    return {"name": name, "age": age}


def check_make_person(candidate):
    assert candidate("Ann", 30) == {"name": "Ann", "age": 30}
    assert candidate("Bo", 0) == {"name": "Bo", "age": 0}
    assert candidate("", 5) == {"name": "", "age": 5}
    assert candidate("age", 9) == {"name": "age", "age": 9}
    assert candidate("Mary Ann", 101) == {"name": "Mary Ann", "age": 101}
    assert candidate("x", 1) == {"name": "x", "age": 1}


def ages_from_lists(names: list[str], ages: list[int]) -> dict[str, int]:
    """Return a dictionary from each name to the age at the same place. Both lists are equally long.

    >>> ages_from_lists(["Ann", "Ben"], [30, 25])
    {'Ann': 30, 'Ben': 25}
    """
    return dict(zip(names, ages))


def check_ages_from_lists(candidate):
    assert candidate(["Ann", "Ben"], [30, 25]) == {"Ann": 30, "Ben": 25}
    assert candidate(["Ben", "Ann"], [30, 25]) == {"Ben": 30, "Ann": 25}
    assert candidate([], []) == {}
    assert candidate(["Ann"], [0]) == {"Ann": 0}
    assert candidate(["a", "b", "c"], [7, 7, 7]) == {"a": 7, "b": 7, "c": 7}
    assert candidate(["z", "y", "x"], [3, 1, 2]) == {"z": 3, "y": 1, "x": 2}


def dict_from_pairs(pairs: list[tuple[str, int]]) -> dict[str, int]:
    """Return a dictionary made from pairs of a key and a value. If a key comes twice, the later
    value counts.

    >>> dict_from_pairs([("tea", 2), ("milk", 1)])
    {'tea': 2, 'milk': 1}
    """
    return dict(pairs)


def check_dict_from_pairs(candidate):
    assert candidate([("tea", 2), ("milk", 1)]) == {"tea": 2, "milk": 1}
    assert candidate([]) == {}
    assert candidate([("a", 0)]) == {"a": 0}
    assert candidate([("a", 1), ("a", 2)]) == {"a": 2}
    assert candidate([("a", 9), ("b", 5), ("a", 4)]) == {"a": 4, "b": 5}
    assert candidate([("x", -1), ("y", -1), ("X", 3)]) == {"x": -1, "y": -1, "X": 3}


def swap_keys_and_values(codes: dict[str, str]) -> dict[str, str]:
    """Return a dictionary with the keys and the values swapped. All values are different.

    >>> swap_keys_and_values({"one": "uno", "two": "dos"})
    {'uno': 'one', 'dos': 'two'}
    """
    return {value: key for key, value in codes.items()}


def check_swap_keys_and_values(candidate):
    assert candidate({"one": "uno", "two": "dos"}) == {"uno": "one", "dos": "two"}
    assert candidate({}) == {}
    assert candidate({"a": "b"}) == {"b": "a"}
    assert candidate({"a": "a"}) == {"a": "a"}
    assert candidate({"a": "b", "b": "c", "c": "a"}) == {"b": "a", "c": "b", "a": "c"}
    assert candidate({"x": "", "y": "z"}) == {"": "x", "z": "y"}


def names_of_tall(heights: dict[str, int]) -> list[str]:
    """Return the names of all who are taller than 180, in the order of the dictionary.

    >>> names_of_tall({"Tom": 190, "Ann": 170, "Eve": 181})
    ['Tom', 'Eve']
    """
    return [name for name, height in heights.items() if height > 180]


def check_names_of_tall(candidate):
    assert candidate({"Tom": 190, "Ann": 170, "Eve": 181}) == ["Tom", "Eve"]
    assert candidate({}) == []
    assert candidate({"Ann": 180}) == []
    assert candidate({"Ann": 181}) == ["Ann"]
    assert candidate({"Ann": 179, "Bo": 0}) == []
    assert candidate({"c": 200, "b": 200, "a": 200}) == ["c", "b", "a"]


def count_yes_votes(votes: dict[str, str]) -> int:
    """The dictionary holds the vote of each person. Return how many of the votes are "yes".

    >>> count_yes_votes({"Ann": "yes", "Ben": "no", "Eve": "yes"})
    2
    """
    return list(votes.values()).count("yes")


def check_count_yes_votes(candidate):
    assert candidate({"Ann": "yes", "Ben": "no", "Eve": "yes"}) == 2
    assert candidate({}) == 0
    assert candidate({"Ann": "no"}) == 0
    assert candidate({"Ann": "yes"}) == 1
    assert candidate({"yes": "no", "no": "no", "b": "no"}) == 0
    assert candidate({"a": "yes", "b": "yes", "c": "yes", "d": ""}) == 3


def all_titles(books: list[dict]) -> list[str]:
    """Return the list of the "title" of each book, in the same order.

    >>> all_titles([{"title": "Emma", "year": 1815}, {"title": "It", "year": 1986}])
    ['Emma', 'It']
    """
    return [book["title"] for book in books]


def check_all_titles(candidate):
    assert candidate([{"title": "Emma", "year": 1815}, {"title": "It", "year": 1986}]) == [
        "Emma",
        "It",
    ]
    assert candidate([]) == []
    assert candidate([{"title": "It"}]) == ["It"]
    assert candidate([{"title": "b"}, {"title": "c"}, {"title": "a"}]) == ["b", "c", "a"]
    assert candidate([{"title": "x"}, {"title": "x"}]) == ["x", "x"]
    assert candidate([{"year": 5, "title": ""}, {"title": "new"}]) == ["", "new"]


def unfinished_tasks(tasks: list[dict]) -> list[str]:
    """Return the "name" of each task whose "done" is False, in the same order.

    >>> unfinished_tasks([{"name": "cook", "done": True}, {"name": "wash", "done": False}])
    ['wash']
    """
    return [task["name"] for task in tasks if not task["done"]]


def check_unfinished_tasks(candidate):
    assert candidate([{"name": "cook", "done": True}, {"name": "wash", "done": False}]) == ["wash"]
    assert candidate([]) == []
    assert candidate([{"name": "cook", "done": True}]) == []
    assert candidate([{"name": "cook", "done": False}]) == ["cook"]
    assert candidate([{"done": False, "name": "b"}, {"done": False, "name": "a"}]) == ["b", "a"]
    assert candidate([{"name": "", "done": False}, {"name": "x", "done": True}]) == [""]


def total_weight(parcels: list[dict]) -> int:
    """Return the sum of the "weight" of all parcels. Return 0 if there are no parcels.

    >>> total_weight([{"to": "Ann", "weight": 3}, {"to": "Ben", "weight": 4}])
    7
    """
    return sum(parcel["weight"] for parcel in parcels)


def check_total_weight(candidate):
    assert candidate([{"to": "Ann", "weight": 3}, {"to": "Ben", "weight": 4}]) == 7
    assert candidate([]) == 0
    assert candidate([{"to": "Ann", "weight": 5}]) == 5
    assert candidate([{"weight": 0}, {"weight": 0}]) == 0
    assert candidate([{"weight": 2}, {"weight": 2}, {"weight": 2}]) == 6
    assert candidate([{"weight": 10, "size": 1}, {"weight": 1, "size": 10}]) == 11


def oldest_person(people: list[dict]) -> str:
    """Return the "name" of the person with the largest "age". The list is never empty, and all ages
    are different.

    >>> oldest_person([{"name": "Ann", "age": 30}, {"name": "Ben", "age": 41}])
    'Ben'
    """
    return max(people, key=lambda person: person["age"])["name"]


def check_oldest_person(candidate):
    assert candidate([{"name": "Ann", "age": 30}, {"name": "Ben", "age": 41}]) == "Ben"
    assert candidate([{"name": "Ann", "age": 42}, {"name": "Ben", "age": 41}]) == "Ann"
    assert candidate([{"name": "Zoe", "age": 0}]) == "Zoe"
    assert candidate([{"name": "z", "age": 5}, {"name": "a", "age": 6}]) == "a"
    assert (
        candidate([{"name": "a", "age": 2}, {"name": "b", "age": 100}, {"name": "c", "age": 99}])
        == "b"
    )
    assert (
        candidate([{"age": 7, "name": "x"}, {"age": 9, "name": "y"}, {"age": 10, "name": "w"}])
        == "w"
    )


def add_vote(votes: dict[str, int], name: str) -> dict[str, int]:
    """Add one to the votes of name and return the dictionary. A name that is not there gets 1.

    >>> add_vote({"Ann": 3, "Ben": 5}, "Ben")
    {'Ann': 3, 'Ben': 6}
    """
    votes[name] = votes.get(name, 0) + 1
    return votes


def check_add_vote(candidate):
    assert candidate({"Ann": 3, "Ben": 5}, "Ben") == {"Ann": 3, "Ben": 6}
    assert candidate({}, "Ann") == {"Ann": 1}
    assert candidate({"Ann": 3}, "Ben") == {"Ann": 3, "Ben": 1}
    assert candidate({"Ann": 0}, "Ann") == {"Ann": 1}
    assert candidate({"Ann": 1, "Ben": 1}, "Ann") == {"Ann": 2, "Ben": 1}
    assert candidate({"Ann": 9}, "ann") == {"Ann": 9, "ann": 1}


def words_with_lengths(words: list[str]) -> dict[str, int]:
    """Return a dictionary from each word to its length.

    >>> words_with_lengths(["cat", "horse"])
    {'cat': 3, 'horse': 5}
    """
    return {word: len(word) for word in words}


def check_words_with_lengths(candidate):
    assert candidate(["cat", "horse"]) == {"cat": 3, "horse": 5}
    assert candidate([]) == {}
    assert candidate(["a"]) == {"a": 1}
    assert candidate([""]) == {"": 0}
    assert candidate(["to", "to", "by"]) == {"to": 2, "by": 2}
    assert candidate(["a b", "ab", "abcd"]) == {"a b": 3, "ab": 2, "abcd": 4}


def rename_field(record: dict, old: str, new: str) -> dict:
    """Move the value of the key old to the key new and return the dictionary. The key old is always
    there and the key new never is.

    >>> rename_field({"nme": "Ann", "age": 30}, "nme", "name")
    {'age': 30, 'name': 'Ann'}
    """
    record[new] = record.pop(old)
    return record


def check_rename_field(candidate):
    assert candidate({"nme": "Ann", "age": 30}, "nme", "name") == {"age": 30, "name": "Ann"}
    assert candidate({"a": 1}, "a", "b") == {"b": 1}
    assert candidate({"a": 1, "b": 2}, "b", "c") == {"a": 1, "c": 2}
    assert candidate({"x": 0, "y": 0}, "x", "X") == {"X": 0, "y": 0}
    assert candidate({"k": "v", "v": "k"}, "v", "w") == {"k": "v", "w": "k"}
    assert candidate({"": None}, "", "empty") == {"empty": None}


def city_of_person(person: dict) -> str:
    """The "address" of the person is a dictionary as well. Return the "city" of the address.

    >>> city_of_person({"name": "Ann", "address": {"street": "Mill Lane", "city": "York"}})
    'York'
    """
    return person["address"]["city"]


def check_city_of_person(candidate):
    assert candidate({"name": "Ann", "address": {"street": "Mill Lane", "city": "York"}}) == "York"
    assert candidate({"address": {"city": "Rome"}}) == "Rome"
    assert candidate({"address": {"city": ""}, "name": "Bo"}) == ""
    assert candidate({"city": "Oslo", "address": {"city": "Bonn"}}) == "Bonn"
    assert candidate({"name": "Eve", "address": {"city": "Eve", "zip": 123}}) == "Eve"
    assert candidate({"address": {"zip": 5, "city": "New York"}, "age": 3}) == "New York"


def has_email_and_phone(contact: dict[str, str]) -> bool:
    """Return whether the contact has both the key "email" and the key "phone".

    >>> has_email_and_phone({"name": "Ann", "phone": "555"})
    False
    """
    return "email" in contact and "phone" in contact


def check_has_email_and_phone(candidate):
    assert candidate({"name": "Ann", "phone": "555"}) is False
    assert candidate({"email": "a@b.c", "phone": "555"}) is True
    assert candidate({"name": "Ann", "email": "a@b.c"}) is False
    assert candidate({}) is False
    assert candidate({"name": "Ann"}) is False
    assert candidate({"phone": "", "name": "", "email": ""}) is True
    assert candidate({"x": "email", "y": "phone"}) is False


def number_the_runners(names: list[str]) -> dict[int, str]:
    """Return a dictionary from the numbers 1, 2, 3 and so on to the names, in their order.

    >>> number_the_runners(["Ann", "Ben"])
    {1: 'Ann', 2: 'Ben'}
    """
    return dict(enumerate(names, 1))


def check_number_the_runners(candidate):
    assert candidate(["Ann", "Ben"]) == {1: "Ann", 2: "Ben"}
    assert candidate([]) == {}
    assert candidate(["Zoe"]) == {1: "Zoe"}
    assert candidate(["c", "a", "b"]) == {1: "c", 2: "a", 3: "b"}
    assert candidate(["x", "x"]) == {1: "x", 2: "x"}
    assert candidate(["", "p", "q", "r"]) == {1: "", 2: "p", 3: "q", 4: "r"}
