"""Model folders: how a model is fetched, loaded and prompted."""
