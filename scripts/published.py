"""The command `failpairs published`; see failpairs/commands/published.py."""

from failpairs.commands.published import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
