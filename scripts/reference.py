"""The command `failpairs reference`; see failpairs/commands/reference.py."""

from failpairs.commands.reference import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
