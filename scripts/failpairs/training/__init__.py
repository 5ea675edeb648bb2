"""From preference pairs to a LoRA adapter."""
