"""From completions to labels: every program runs in the sandbox."""
