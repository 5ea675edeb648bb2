"""The command `failpairs prepare-model`; see failpairs/commands/prepare_model.py."""

from failpairs.commands.prepare_model import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
