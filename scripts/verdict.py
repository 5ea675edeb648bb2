"""The command `failpairs verdict`; see failpairs/commands/verdict.py."""

from failpairs.commands.verdict import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
