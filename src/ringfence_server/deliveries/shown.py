"""What the inbox shows of refused deliveries."""

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.deliveries.pages import RIGHT, within_reach
from ringfence_server.shell import Work


def work(by: Acting, now: datetime) -> list[Work]:  # noqa: ARG001 - as all parts are asked
    if not by.may(RIGHT):
        return []
    count = within_reach(by).count()
    text = Text("records that the home refused", "数据湖拒收的记录")
    return [Work(text, reverse("deliveries"), count, count)]


WORK = (work,)
