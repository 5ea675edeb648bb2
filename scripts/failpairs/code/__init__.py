"""The text of a Python program: extracted from a completion, normalised, mutated."""
