"""Where a case was: its movements from every channel, on its page and through the API."""
