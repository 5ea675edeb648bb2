"""The command `failpairs make-arm`; see failpairs/commands/make_arm.py."""

from failpairs.commands.make_arm import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
