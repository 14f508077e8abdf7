"""What the command line does through the server: files into the lake, traces, and what is there."""
