"""The command `failpairs top_up`; see failpairs/commands/top_up.py."""

from failpairs.commands.top_up import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
