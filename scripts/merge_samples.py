"""The command `failpairs merge-samples`; see failpairs/commands/merge_samples.py."""

from failpairs.commands.merge_samples import main
from failpairs.workflow import cli

if __name__ == "__main__":
    cli.run(main)
