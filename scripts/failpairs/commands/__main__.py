"""The command `failpairs VERB …`: the program of a stage by its name."""

import ast
import importlib
import sys
from pathlib import Path

from failpairs.workflow import cli

FOLDER = Path(__file__).parent


def verbs() -> dict[str, str]:
    """What each command does, by its name; read from the first lines of their modules."""
    modules = sorted(path for path in FOLDER.glob("*.py") if not path.stem.startswith("__"))
    return {path.stem.replace("_", "-"): _summary(path) for path in modules}


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split())


def main() -> None:
    known = verbs()
    verb = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if verb in known:
        sys.argv = [f"failpairs {verb}", *sys.argv[2:]]
        cli.run(importlib.import_module(f"failpairs.commands.{verb.replace('-', '_')}").main)
    usage = "\n".join(
        ["usage: failpairs VERB [options]", "", *(f"  {v:18}{t}" for v, t in known.items())]
    )
    if verb in ("-h", "--help"):
        print(usage)
        sys.exit(0)
    print(f"failpairs: {verb!r} is no command\n{usage}", file=sys.stderr)
    sys.exit(cli.EXIT_BAD_INPUT)


if __name__ == "__main__":
    main()
