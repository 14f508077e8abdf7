"""Renewing the deployment's secret: all that is sealed under it is sealed anew, in one step.

The new secret lies beside the old one before the database knows of it, and takes its place after.
Killed in between, the next call finds by a row of the database under which of the two it is, and
ends what was begun.
"""

from __future__ import annotations

import secrets as chance
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from ringfence.errors import NotAllowed, StorageError
from ringfence.lake.durable import storage_faults, sync_folder, write_durably
from ringfence_server.accounts import resealing as of_accounts
from ringfence_server.accounts.again import end_sessions
from ringfence_server.canaries import resealing as of_canaries
from ringfence_server.cases import resealing as of_cases
from ringfence_server.deployment.reading import deployment_of, secret_path
from ringfence_server.hand_overs import resealing as of_hand_overs
from ringfence_server.narratives import resealing as of_narratives
from ringfence_server.outbox import auditing, delivering
from ringfence_server.outbox.models import SecretMark
from ringfence_server.outbox.sealing import Secrets, seal, unseal
from ringfence_server.tasks import resealing as of_tasks

_NEW = ".new"
_PURPOSE = "mark of the secret"
_RUNNING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'ringfence' AND pid <> pg_backend_pid()"
)
_PARTS = (
    of_accounts.reseal,
    delivering.reseal,
    of_cases.reseal,
    of_narratives.reseal,
    of_tasks.reseal,
    of_canaries.reseal,
    of_hand_overs.reseal,
)


def rotate(file: Path, *, by: str, at: datetime) -> int:
    """How many rows were sealed anew. `file`: the deployment's.

    NotAllowed: web or worker runs, which would go on with the old secret. StorageError: a row does
    not open, or the disk is at fault: all is as it was.
    """
    place = secret_path(file)
    coming = place.with_name(place.name + _NEW)
    old = deployment_of(file).secret
    _refuse_running()
    with storage_faults(place):
        if coming.exists():
            fresh = coming.read_text(encoding="ascii").strip()
            if _is_under(fresh):
                return _put(coming, place)
        fresh = chance.token_urlsafe(48)
        write_durably(coming, fresh.encode(), 0o600)
        sync_folder(place.parent)
    done = _resealed(Secrets(old, fresh), by, at)
    with storage_faults(place):
        _put(coming, place)
    return done


def _resealed(secrets: Secrets, by: str, at: datetime) -> int:
    with transaction.atomic():
        done = sum(reseal(secrets) for reseal in _PARTS)
        SecretMark.objects.all().delete()
        SecretMark.objects.create(pk=1, sealed=seal(secrets.new, _PURPOSE, "1", ""))
        end_sessions()
        auditing.told("server.rotate_secret", by=by, at=at, about={"rows": str(done)})
    return done


def _is_under(secret: str) -> bool:
    mark = SecretMark.objects.first()
    if mark is None:
        return False
    try:
        unseal(secret, _PURPOSE, "1", bytes(mark.sealed))
    except StorageError:
        return False
    return True


def _put(coming: Path, place: Path) -> int:
    coming.replace(place)
    sync_folder(place.parent)
    return 0


def _refuse_running() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING)
        (others,) = cursor.fetchone()
    if others:
        raise NotAllowed(
            "web or worker is running: stop both first, they would go on with the old secret",
            "网页或后台服务仍在运行：请先停止，否则它们会继续使用旧密钥",
        )
