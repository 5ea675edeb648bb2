"""The command `failpairs train`; see failpairs/commands/train.py."""

from failpairs.commands.train import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
