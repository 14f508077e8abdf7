"""Second factors, under a new secret of the deployment."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from ringfence_server.accounts.second_factor import SEALED, opened, sealed
from ringfence_server.outbox.sealing import Secrets

_FIELDS = ("secret", "seed")


def reseal(secrets: Secrets) -> int:
    """Within a transaction; how many. StorageError: one does not open with the old secret."""
    done = 0
    for factor in Authenticator.objects.select_for_update().iterator():
        fields = [name for name in _FIELDS if str(factor.data.get(name, "")).startswith(SEALED)]
        for name in fields:
            factor.data[name] = sealed(secrets.new, opened(secrets.old, factor.data[name]))
        if fields:
            factor.save(update_fields=["data"])
            done += 1
    return done
