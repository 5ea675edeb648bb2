"""Comparisons that tests call."""
