"""What the pages around a page show of cases."""

from ringfence.errors import Text
from ringfence_server.cases.waiting import work
from ringfence_server.shell import Page

PAGES = (
    Page(
        name="cases",
        text=Text("Cases", "病例"),
        sign="cases",
        about=Text("line list, entry, investigation", "病例清单、录入与流调"),
    ),
    Page(
        name="clusters",
        text=Text("Clusters", "聚集性疫情"),
        sign="people",
        about=Text("cases that one team works on together", "由同一工作组处置的病例"),
    ),
)
WORK = (work,)
