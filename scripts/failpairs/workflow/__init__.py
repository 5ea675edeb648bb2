"""The command line, the configuration, and what Snakemake needs."""
