"""The command `failpairs estimate`; see failpairs/commands/estimate.py."""

from failpairs.commands.estimate import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
