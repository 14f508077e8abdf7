"""What the server writes to its log: one JSON object a line, and no person's data.

A request is told by the name of its view: paths hold numbers of cases and persons, queries hold
what somebody looked for. A fault is told by its type and the place in the code; its own words may
hold a value.
"""

from __future__ import annotations

import json
import logging
import logging.config
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

_OWN = "ringfence"
_TOLD = "told"


class Lines(logging.Formatter):
    """Other libraries' records keep their name and level; what they say is left out."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "from": record.name}
        if record.name.split(".")[0] == _OWN:
            line["event"] = record.getMessage()
            line |= getattr(record, _TOLD, {})
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def tell(event: str, **told: str | int | float) -> None:
    """Write a line. What is told must be nobody's data: names of views, counts, seconds."""
    logging.getLogger(_OWN).info(event, extra={_TOLD: told})


def begin() -> None:
    """From here on this process says nothing but such lines: what Python itself would print of an
    exception that nobody caught is told like any other fault.
    """
    logging.config.dictConfig(LOGGING)
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def fault(event: str, exception: BaseException) -> None:
    """Write a fault of the program, without its words."""
    logging.getLogger(_OWN).error(event, exc_info=exception)


def _uncaught(
    kind: type[BaseException], exception: BaseException | None, trace: TracebackType | None
) -> None:
    known = None if exception is None else (kind, exception, trace)
    logging.getLogger(_OWN).error("uncaught", exc_info=known)


def _where(fault: BaseException | None) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__) if fault is not None else []
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-6:]]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        _OWN: {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.db.backends": {"level": "ERROR"},
    },
}
