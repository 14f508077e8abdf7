"""Where one person was: what every channel tells, as one timeline with its doubts."""
