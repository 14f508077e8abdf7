"""Charts of the pages as SVG: the same values give the same bytes."""
