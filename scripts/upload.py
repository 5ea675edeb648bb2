"""The command `failpairs upload`; see failpairs/commands/upload.py."""

from failpairs.commands.upload import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
