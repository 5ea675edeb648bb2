"""Every program says what it is for and which options it has."""

import importlib

import pytest
from places import SCRIPTS

VERBS = sorted(path.stem for path in (SCRIPTS / "failpairs" / "commands").glob("[a-z]*.py"))


@pytest.mark.parametrize("verb", VERBS)
def test_a_program_explains_itself(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module(f"failpairs.commands.{verb}")
    monkeypatch.setattr("sys.argv", [verb, "--help"])
    with pytest.raises(SystemExit) as stopped:
        module.main()
    assert stopped.value.code == 0
    told = "".join(capsys.readouterr().out.split())  # lines may end within a word
    assert told.startswith("usage:")
    assert "".join(str(module.__doc__).split()).partition(".")[0] in told
