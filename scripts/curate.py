"""The command `failpairs curate`; see failpairs/commands/curate.py."""

from failpairs.commands.curate import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
