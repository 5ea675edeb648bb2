"""The command `failpairs evaluate`; see failpairs/commands/evaluate.py."""

from failpairs.commands.evaluate import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
