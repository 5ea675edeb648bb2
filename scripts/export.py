"""The command `failpairs export`; see failpairs/commands/export.py."""

from failpairs.commands.export import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
