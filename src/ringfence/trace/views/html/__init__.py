"""A trace as one self-contained page."""

from ringfence.trace.views.html.page import page, page_of, policy

__all__ = ["page", "page_of", "policy"]
