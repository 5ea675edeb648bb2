"""What a run will take, by a pilot of it."""
