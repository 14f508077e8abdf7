"""Measures for Prometheus: of requests from all web processes, of jobs from the database.

Labels are names that stand in the program: of views, tasks and states. None comes from a request.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ringfence_server.canaries.queries import raised
from ringfence_server.deployment.here import now
from ringfence_server.outbox.auditing import waiting, waiting_since
from ringfence_server.tasks.counting import fallen_everywhere
from ringfence_server.watching.checks import heartbeat_age

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
_JOBS = "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2"

requests = Counter("ringfence_requests", "Requests answered.", ["view", "status"])
seconds = Histogram(
    "ringfence_request_seconds", "Until the answer was ready.", ["view"], buckets=_SECONDS
)


def page() -> bytes:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(requests)
        registry.register(seconds)
    registry.register(_InDatabase())
    return generate_latest(registry)


class _InDatabase(Collector):
    def collect(self) -> Iterator[Metric]:
        try:
            found = list(_counted())
        except (DatabaseError, InterfaceError):
            found = []
        up = GaugeMetricFamily("ringfence_database_up", "Whether the database answers.")
        up.add_metric([], 1 if found else 0)
        yield from (up, *found)


def _counted() -> Iterator[Metric]:
    jobs = GaugeMetricFamily(
        "ringfence_jobs",
        "Jobs; those done are kept for a day, failed ones for a week.",
        labels=["task", "status"],
    )
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        for task, status, count in cursor.fetchall():
            jobs.add_metric([task, status], count)
    yield jobs
    rows = GaugeMetricFamily("ringfence_audit_rows_waiting", "Not yet in the home's log.")
    rows.add_metric([], waiting())
    yield rows
    since = waiting_since()
    oldest = GaugeMetricFamily("ringfence_audit_oldest_waiting_seconds", "Age of the oldest row.")
    oldest.add_metric([], 0 if since is None else (now() - since).total_seconds())
    yield oldest
    lost = GaugeMetricFamily(
        "ringfence_contacts_without_work", "Of approved lists, with neither open task nor end."
    )
    lost.add_metric([], fallen_everywhere())
    yield lost
    alerts = CounterMetricFamily("ringfence_canary_alerts", "Somebody came upon a canary person.")
    alerts.add_metric([], raised())
    yield alerts
    age = heartbeat_age()
    if age is not None:
        heartbeat = GaugeMetricFamily(
            "ringfence_worker_heartbeat_seconds", "Since a worker last showed that it lives."
        )
        heartbeat.add_metric([], age)
        yield heartbeat
