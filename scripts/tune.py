"""The command `failpairs tune`; see failpairs/commands/tune.py."""

from failpairs.commands.tune import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
