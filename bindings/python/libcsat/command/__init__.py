"""The `csat` command: one file for each subcommand, and the files it reads and writes."""
