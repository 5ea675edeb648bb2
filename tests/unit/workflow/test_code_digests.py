import shutil
from pathlib import Path

import pytest
from failpairs.workflow import digests
from failpairs.workflow.digests import SyntaxMemo, code_digest
from places import SCRIPTS

FILES = {
    "tool.py": '''\
"""Doc."""
from failpairs.direct import f


def main():
    """Doc."""
    return f(1)
''',
    "failpairs/__init__.py": "",
    "failpairs/direct.py": "import failpairs.further\n\n\nclass A:\n    x = 1\n\n\ndef f(n):\n"
    "    from failpairs import lazy\n    return n\n",
    "failpairs/further.py": "X = 1\n",
    "failpairs/lazy.py": "Y = 1\n",
    "failpairs/other.py": "Z = 1\n",
    "failpairs/room/__init__.py": "",
    "failpairs/room/door.py": "from .key import K\n",
    "failpairs/room/key.py": "K = 1\n",
    "failpairs/room/unused.py": "U = 1\n",
}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "tool.py"


def edit(script: Path, name: str, old: str, new: str) -> None:
    path = script.parent / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tool.py", "return f(1)", "return f(1)  # why"),
        ("tool.py", "return f(1)", "return (\n        f(1)\n    )"),
        ("tool.py", '"""Doc."""\nfrom', '"""Another."""\nfrom'),
        ("tool.py", '    """Doc."""\n', ""),
        ("failpairs/direct.py", "class A:\n", 'class A:\n    "Doc."\n\n'),
        ("failpairs/direct.py", "    x = 1\n", '    x = 1\n    """Doc."""\n'),
        ("failpairs/other.py", "Z = 1", "Z = 2"),
    ],
    ids="comment layout module-doc function-doc class-doc attribute-doc not-imported".split(),
)
def test_what_changes_no_behaviour_does_not_count(
    script: Path, name: str, old: str, new: str
) -> None:
    before = code_digest(script)
    edit(script, name, old, new)
    assert code_digest(script) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tool.py", "f(1)", "f(2)"),
        ("failpairs/direct.py", "return n", "return -n"),
        ("failpairs/further.py", "X = 1", "X = 2"),
        ("failpairs/lazy.py", "Y = 1", "Y = 2"),
    ],
    ids=["script", "imported", "imported by an import", "imported inside a function"],
)
def test_a_change_of_code_counts(script: Path, name: str, old: str, new: str) -> None:
    before = code_digest(script)
    edit(script, name, old, new)
    assert code_digest(script) != before


@pytest.mark.parametrize(
    "line",
    [
        "import failpairs.further",
        "import failpairs.further as g",
        "from failpairs import further",
        "from failpairs.further import X",
        "from . import further",
        "from .further import X",
    ],
)
def test_every_form_of_import_is_followed(script: Path, line: str) -> None:
    edit(script, "failpairs/direct.py", "import failpairs.further", line)
    before = code_digest(script)
    edit(script, "failpairs/further.py", "X = 1", "X = 2")
    assert code_digest(script) != before


@pytest.mark.parametrize(
    "line",
    [
        "import failpairs.room.door",
        "from failpairs.room import door",
        "from failpairs.room.door import K",
        "from . import room\nfrom .room import door",
        "from .room.door import K",
    ],
)
def test_imports_are_followed_into_the_packages_inside(script: Path, line: str) -> None:
    edit(script, "failpairs/direct.py", "import failpairs.further", line)
    digests = [code_digest(script)]
    edit(script, "failpairs/room/unused.py", "U = 1", "U = 2")
    assert code_digest(script) == digests[0]
    for name, old in [("door", "from .key import K"), ("key", "K = 1"), ("__init__", "")]:
        edit(script, f"failpairs/room/{name}.py", old, f"{old}\nX = 1")
        digests.append(code_digest(script))
    assert len(set(digests)) == 4


def test_the_package_s_own_code_counts(script: Path) -> None:
    edit(script, "failpairs/direct.py", "    from failpairs import lazy\n", "")
    before = code_digest(script)
    edit(script, "failpairs/__init__.py", "", "X = 1\n")
    assert code_digest(script) != before


def test_modules_that_import_each_other_have_a_digest(script: Path) -> None:
    edit(script, "failpairs/further.py", "X = 1", "import failpairs.direct")
    assert len(code_digest(script)) == 16


def test_the_folder_does_not_count(script: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("elsewhere") / "deeper"
    shutil.copytree(script.parent, copy)
    assert code_digest(copy / "tool.py") == code_digest(script)


@pytest.mark.parametrize(
    "module",
    ["worker", "harness/zygote", "harness/checker", "harness/candidate", "sandbox/layers"],
)
def test_what_execute_starts_as_processes_of_their_own_counts(tmp_path: Path, module: str) -> None:
    scripts = shutil.copytree(
        SCRIPTS,
        tmp_path / "scripts",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    before = code_digest(scripts / "execute.py")
    path = scripts / "failpairs" / "execution" / f"{module}.py"
    path.write_text(path.read_text(encoding="utf-8") + "\nX = 1\n", encoding="utf-8")
    assert code_digest(scripts / "execute.py") != before


@pytest.fixture
def saved(script: Path) -> Path:
    """What a memo has saved in a folder that was not there."""
    memo = SyntaxMemo(script.parent / "state" / "syntax.json")
    code_digest(script, memo=memo)
    memo.save()
    return script.parent / "state" / "syntax.json"


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    names: list[str] = []
    parse = digests._parse
    monkeypatch.setattr(
        digests, "_parse", lambda text, name: names.append(name) or parse(text, name)
    )
    return names


def test_a_memo_spares_parsing_what_it_knows(
    script: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = parsed(monkeypatch)
    assert code_digest(script, memo=SyntaxMemo(saved)) == code_digest(
        script, memo=SyntaxMemo(saved)
    )
    assert names == []
    edit(script, "failpairs/further.py", "X = 1", "X = 2")
    memo = SyntaxMemo(saved)
    with_memo = code_digest(script, memo=memo)
    assert names == ["failpairs/further.py"]
    assert with_memo == code_digest(script)
    before = saved.read_bytes()
    memo.save()
    assert saved.read_bytes() != before
    names.clear()
    assert code_digest(script, memo=SyntaxMemo(saved)) == with_memo
    assert names == []


def test_a_memo_of_another_version_or_a_broken_one_counts_as_empty(
    script: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_digest(script)
    names = parsed(monkeypatch)
    whole = saved.read_text(encoding="utf-8")
    for broken in (whole.replace('"version": "', '"version": "x'), whole[:-20], "[1]", "null"):
        names.clear()
        saved.write_text(broken, encoding="utf-8")
        assert code_digest(script, memo=SyntaxMemo(saved)) == before
        assert "tool.py" in names


def test_a_memo_that_cannot_be_saved_is_none(script: Path) -> None:
    memo = SyntaxMemo(script / "state.json")  # inside of a file
    code_digest(script, memo=memo)
    memo.save()
    assert script.is_file()
