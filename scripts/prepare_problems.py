"""The command `failpairs prepare-problems`; see failpairs/commands/prepare_problems.py."""

from failpairs.commands.prepare_problems import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
