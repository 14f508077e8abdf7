"""A folder that `ringfence city make` has written: whole, or refused."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ringfence.errors import DataError, NotFound
from ringfence_city.answers.days import OFFSET

MARK = "city.json"
FORMAT = 1


@dataclass(frozen=True)
class CityFolder:
    """`first_day` is a local day; `told` is all that `city.json` says."""

    path: Path
    first_day: date
    days: int
    told: dict[str, Any]

    @property
    def answers(self) -> Path:
        return self.path / "answers"

    @property
    def start(self) -> datetime:
        """Local midnight at which the first day begins."""
        return datetime.combine(self.first_day, time(), UTC) - timedelta(seconds=OFFSET)

    @property
    def end(self) -> datetime:
        """Local midnight at which the last day ends."""
        return self.start + timedelta(days=self.days)

    @property
    def all_known(self) -> datetime:
        """When the city has ended and all that agencies deliver has been received."""
        received = [datetime.fromisoformat(row["received"]) for row in self.deliveries()]
        return max([self.end, *(at.astimezone(UTC) for at in received)])

    def deliveries(self) -> list[dict[str, str]]:
        """The lines of `deliveries/files.csv`, in order of receipt."""
        try:
            with (self.path / "deliveries" / "files.csv").open(
                encoding="utf-8", newline=""
            ) as file:
                return list(csv.DictReader(file))
        except OSError:
            return []


def open_city(path: Path) -> CityFolder:
    """NotFound: no city, or one that was not finished. DataError: of another format."""
    try:
        told = json.loads((path / MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(
            f"{path} is not a whole city: there is no {MARK}; make one with ringfence city make",
            f"{path} 不是完整的城市（缺少 {MARK}）；请先用 ringfence city make 生成",
        ) from None
    except (OSError, ValueError) as fault:
        raise DataError(
            f"{path / MARK} cannot be read as JSON", f"{path / MARK} 不是可读取的 JSON"
        ) from fault
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise DataError(
            f"{path / MARK} is not of format {FORMAT}: make the city anew with this version",
            f"{path / MARK} 不是格式 {FORMAT}；请用本版本重新生成城市",
        )
    asked = told.get("parameters", told)
    try:
        first_day = date.fromisoformat(asked.get("first_day") or told["first_day"])
        days = int(asked["days"])
    except (KeyError, TypeError, ValueError) as fault:
        raise DataError(
            f"{path / MARK} does not say first_day and days",
            f"{path / MARK} 未给出 first_day 与 days",
        ) from fault
    return CityFolder(path, first_day, days, told)
