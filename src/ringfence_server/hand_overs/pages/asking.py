"""What forms of hand-overs say, and files as answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from ringfence.errors import Text, UsageError
from ringfence.operations.hand_over import MOST_BYTES, Answer
from ringfence_server.access import Acting
from ringfence_server.hand_overs.queries import RIGHT
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.web.surroundings import language


def answers_in(request: HttpRequest, refs: Sequence[str]) -> dict[str, Answer]:
    """By number of the person; the form numbers them in the order of the page."""
    sent = request.POST
    return {
        ref: Answer(ref, sent.get(f"answer-{n}", ""), sent.get(f"reason-{n}", "").strip())
        for n, ref in enumerate(refs)
    }


def unit_in(request: HttpRequest) -> Unit:
    code = request.POST.get("unit", "")
    found = Unit.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise UsageError("choose the unit that takes them over", "请选择接收单位")
    return found


def units_below(by: Acting, unit: Unit) -> list[Unit]:
    """The unit and those right below, as far as the account may act there."""
    several = [unit, *unit.children.order_by("code")]
    return [one for one in several if by.may(RIGHT, one)]


def file_in(request: HttpRequest) -> bytes:
    """At most one byte more than a file may have."""
    sent = request.FILES.get("file")
    if sent is None:
        raise UsageError("choose the file that the other city sent", "请选择对方发来的文件")
    content: bytes = sent.read(MOST_BYTES + 1)
    return content


def attached(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def tell(text: Text) -> str:
    return text.to(language())
