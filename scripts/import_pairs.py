"""The command `failpairs import-pairs`; see failpairs/commands/import_pairs.py."""

from failpairs.commands.import_pairs import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
