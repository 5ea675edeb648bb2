"""The command `failpairs sample`; see failpairs/commands/sample.py."""

from failpairs.commands.sample import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
