"""The command `failpairs report`; see failpairs/commands/report.py."""

from failpairs.commands.report import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
