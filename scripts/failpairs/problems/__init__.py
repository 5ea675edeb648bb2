"""Problem sources, and the decontamination of training problems."""
