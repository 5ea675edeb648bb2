"""The command `failpairs audit`; see failpairs/commands/audit.py."""

from failpairs.commands.audit import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
