"""What every command-line program does around its work: exit statuses, one-line errors, logging."""

import logging
import os
import sys
import warnings
from collections.abc import Callable
from io import StringIO

from failpairs.errors import InputError, SandboxError
from failpairs.storage.files import is_full_disk
from failpairs.workflow import job_lifetime

# A bar only on a terminal; read by tqdm and the Hugging Face libraries when they are imported.
PROGRESS_BARS = (
    "TQDM_DISABLE",
    "HF_HUB_DISABLE_PROGRESS_BARS",
    "HF_DATASETS_DISABLE_PROGRESS_BARS",
)
EXIT_BAD_INPUT, EXIT_UNSAFE = 2, 3


def run(main: Callable[[], None]) -> None:
    """Run a program's main function and exit: 0 done, 2 bad input, 3 no safe sandbox, 1 a bug.

    Errors that a user can mend end in one line on standard error; a bug keeps its traceback. A
    program that the workflow has started ends when the workflow does, however that ends.
    """
    set_up()
    try:
        main()
    except InputError as error:
        _fail(EXIT_BAD_INPUT, str(error))
    except SandboxError as error:
        _fail(EXIT_UNSAFE, str(error))
    except KeyboardInterrupt:
        _fail(130, "interrupted")
    except Exception as error:
        if not is_full_disk(error):
            raise
        name = getattr(error, "filename", None)
        where = f" while writing {name}" if name else ""
        _fail(EXIT_BAD_INPUT, f"the disk is full{where}: free some space and run again")
    sys.exit(0)


def set_up() -> None:
    """Gives this process a leader to end with, and standard error what concerns the user alone."""
    job_lifetime.die_with_leader()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it names every request
    warnings.simplefilter("ignore", FutureWarning)  # deprecations inside the libraries
    # Of programs and tests, which PYTHONWARNINGS=error would turn into syntax errors.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    if not sys.stderr.isatty():
        os.environ.update(dict.fromkeys(PROGRESS_BARS, "1"))


def _fail(status: int, message: str) -> None:
    line = f"error: {' '.join(message.split())}"
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:  # the log is on the full disk too
        print(line, flush=True)
        # What could not be written there must not be tried again at exit: that changes the status.
        sys.stderr = StringIO()
    sys.exit(status)
