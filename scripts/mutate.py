"""The command `failpairs mutate`; see failpairs/commands/mutate.py."""

from failpairs.commands.mutate import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
