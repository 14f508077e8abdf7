"""A trace as one self-contained page."""

from ringfence.trace.views.html.page import page

__all__ = ["page"]
