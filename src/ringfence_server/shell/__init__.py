"""What the pages around a page show of every part: its addresses, and the work it has for somebody.

A part says so as data in a module `shown` of its own: `PAGES` and `WORK`.
"""

from ringfence_server.shell.pages import Page, pages_for
from ringfence_server.shell.work import Work, gives_work, work_for

__all__ = ["Page", "Work", "gives_work", "pages_for", "work_for"]
