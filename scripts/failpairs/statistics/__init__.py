"""From evaluations to stats.json: paired tests, effects and their verdicts."""
