"""From labelled samples to preference pairs, and the pairs of control arms."""
