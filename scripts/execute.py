"""The command `failpairs execute`; see failpairs/commands/execute.py."""

from failpairs.commands.execute import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
