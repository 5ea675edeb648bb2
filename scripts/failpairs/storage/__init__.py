"""Files on disk: validated when read, replaced atomically, locked, resumable."""
