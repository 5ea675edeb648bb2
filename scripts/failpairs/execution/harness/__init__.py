"""The processes inside the sandbox; standard library only."""
