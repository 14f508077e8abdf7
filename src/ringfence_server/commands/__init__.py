"""The server's commands of the program `ringfence`. What they need is imported when one runs."""
