"""The command `failpairs compare`; see failpairs/commands/compare.py."""

from failpairs.commands.compare import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
