"""The sealed rows of this part, and the digests under which they are found, under a new secret."""

from __future__ import annotations

from ringfence_server.canaries.digests import digests_of
from ringfence_server.canaries.models import Canary, CanaryForm
from ringfence_server.canaries.queries import SEALED_AS
from ringfence_server.outbox.sealing import Secrets, resealed, unseal


def reseal(secrets: Secrets) -> int:
    """See `resealed`. An ended one has no digests, and gets none."""
    for one in Canary.objects.filter(ended_at=None).iterator():
        told = unseal(secrets.old, SEALED_AS, one.number, bytes(one.sealed))
        one.forms.all().delete()
        made = (CanaryForm(canary=one, digest=found) for found in digests_of(secrets.new, told))
        CanaryForm.objects.bulk_create(made)
    return resealed(Canary.objects.all(), SEALED_AS, lambda one: one.number, secrets)
