"""From stats.json and evaluations to the page, its figures and its tables."""
