"""The web processes: granian with Django's WSGI application, which answers in threads."""

from __future__ import annotations

import errno
import os
import socket
import tempfile

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from ringfence.errors import StorageError, UsageError
from ringfence_server.deployment.logs import LOGGING, tell
from ringfence_server.deployment.reading import Deployment

PROCESSES = 2
THREADS = 8
"""In each. Most requests wait for the database; a trace takes one processor for a second."""
_LAST_REQUESTS_SECONDS = 30


def serve(deployment: Deployment) -> int:
    """Answer until SIGTERM; requests under way are answered first. The exit code."""
    host, port = deployment.address
    _refuse_taken(host, port)
    with tempfile.TemporaryDirectory(prefix="rf-metrics-") as measures:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = measures
        server = Granian(
            "ringfence_server.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=PROCESSES,
            blocking_threads=THREADS,
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig={**LOGGING, "loggers": {**LOGGING["loggers"]}},
            respawn_failed_workers=True,
            workers_kill_timeout=_LAST_REQUESTS_SECONDS,
        )
        tell("web_begins", processes=PROCESSES, threads=THREADS)
        try:
            server.serve()
        except SystemExit as ended:
            return int(ended.code or 0)
        finally:
            tell("web_ends")
    return 0


def _refuse_taken(host: str, port: int) -> None:
    """granian lets another process of the same user listen at the same port, and the requests
    would go now to one, now to the other.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host.strip("[]"), port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise UsageError(
                    f"port {port} of {host} is in use: end what listens there, or change `listen`",
                    f"{host} 的端口 {port} 已被占用：请结束占用它的程序，或修改 listen",
                ) from None
            raise StorageError(
                f"cannot listen at {host}:{port}: {fault.strerror}",
                f"无法监听 {host}:{port}：{fault.strerror}",
            ) from fault
