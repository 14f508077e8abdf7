"""Lists that leave the console as files: without identity, each told to the audit before."""
