"""Reading imports: each account its own."""

from __future__ import annotations

from django.db.models import QuerySet

from ringfence.errors import NotFound
from ringfence_server.access import Acting
from ringfence_server.imports.models import Import

RIGHT = "lake.import"


def imports_of(by: Acting) -> QuerySet[Import]:
    """Newest first."""
    return Import.objects.filter(by=by.user).order_by("-id")


def import_of(by: Acting, number: int) -> Import:
    """NotFound: no such import of this account."""
    found = imports_of(by).filter(pk=number).first()
    if found is None:
        raise NotFound("there is no such import", "没有此次导入")
    return found
