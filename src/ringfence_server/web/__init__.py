"""The pages: layout, languages, static parts, and what every answer carries."""
