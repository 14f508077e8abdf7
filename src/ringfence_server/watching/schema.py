"""Whether the tables of the database are those of this program."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True)
class Schema:
    """`missing`: steps that this program has and the database has not; `newer`: the other way."""

    missing: int
    newer: str | None

    @property
    def current(self) -> bool:
        return not self.missing and self.newer is None


def schema() -> Schema:
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs()}
    known = executor.loader.disk_migrations
    newer = [
        key for key in executor.loader.applied_migrations if key[0] in ours and key not in known
    ]
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Schema(len(missing), ".".join(min(newer)) if newer else None)
