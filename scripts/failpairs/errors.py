"""The errors that a user can do something about, and their exit statuses."""


class InputError(Exception):
    """Bad input: the message says what is wrong, where, and what would be right (exit status 2)."""


class SandboxError(Exception):
    """Untrusted code cannot be run safely here (exit status 3)."""
