"""Where a case was: the question, and the answer on a terminal, as JSON, page and documents."""
