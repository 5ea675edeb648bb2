"""The command `failpairs try-problems`; see failpairs/commands/try_problems.py."""

from failpairs.commands.try_problems import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
