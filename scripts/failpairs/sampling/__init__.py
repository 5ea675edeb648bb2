"""From prompts to completions: the sampler, its engines and its token draws."""
