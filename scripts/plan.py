"""The command `failpairs plan`; see failpairs/commands/plan.py."""

from failpairs.commands.plan import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
