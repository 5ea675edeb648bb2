"""failpairs: what do N curated failure pairs actually fix?"""

__version__ = "0.1.0"
