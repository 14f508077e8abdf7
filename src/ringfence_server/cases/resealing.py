"""The sealed rows of this part, under a new secret of the deployment."""

from __future__ import annotations

from ringfence_server.cases.investigating import PURPOSE, bound_to
from ringfence_server.cases.models import CaseVersion
from ringfence_server.outbox.sealing import Secrets, resealed


def reseal(secrets: Secrets) -> int:
    """See `resealed`."""
    rows = CaseVersion.objects.exclude(sealed=b"")
    return resealed(rows, PURPOSE, lambda one: bound_to(one.case_id, one.number), secrets)
