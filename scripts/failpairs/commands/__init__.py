"""The programs of the stages, and the command `failpairs VERB` that runs each of them."""
