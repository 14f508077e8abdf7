"""What a person sees of a trace: JSON, tables, files and one page to look at."""
