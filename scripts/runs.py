"""The command `failpairs runs`; see failpairs/commands/runs.py."""

from failpairs.commands.runs import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
