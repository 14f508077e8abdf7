"""pandas: data frames in memory, merged on the place and filtered by time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.peers.asking import Answer, Loaded
from bench.peers.plain import LEAST_SECONDS, Plain

_PAIRS_AT_ONCE = 5_000_000
"""Rows of one merge, or memory would not suffice: a merge holds every pair of a place."""


def missing() -> str | None:
    if find_spec("pandas") is None:
        return "pandas is not installed: scripts/bootstrap.sh bench installs it"
    return None


@contextmanager
def loaded(plain: Plain, work: Path) -> Iterator[Loaded]:  # noqa: ARG001
    import pandas as pd

    stays = pd.read_parquet(plain.stays)
    subjects, places = (pd.factorize(stays[name], sort=True) for name in ("subject", "place"))
    names = subjects[1]
    stays = pd.DataFrame(
        {
            "subject": subjects[0].astype("int32"),
            "place": places[0].astype("int32"),
            "begins": stays["begins"],
            "ends": stays["ends"],
        }
    )
    frames = _Frames(
        stays.sort_values(["subject", "begins"], ignore_index=True),
        stays.sort_values(["place", "begins"], ignore_index=True),
        stays.groupby("place").size(),
        names,
        _numbered(pd.read_parquet(plain.windows), names).set_index("case"),
        _numbered(pd.read_parquet(plain.confined), names),
        plain.as_of,
    )
    size = int(frames.by_subject.memory_usage().sum() + frames.by_place.memory_usage().sum())
    yield Loaded(frames.ask, size)


def _numbered(told: Any, names: Any) -> Any:
    """With subject numbers for names; who has no stay is left out."""
    numbered = told.assign(subject=names.get_indexer(told["subject"]))
    return numbered[numbered["subject"] >= 0]


@dataclass(frozen=True)
class _Frames:
    """`at_place`: stays of each place. `names`: subjects by number."""

    by_subject: Any
    by_place: Any
    at_place: Any
    names: Any
    windows: Any
    confined: Any
    as_of: int

    def ask(self, case: str) -> Answer:
        import pandas as pd

        if case not in self.windows.index:
            return [], []
        focus = self.windows.loc[case]
        seeds = pd.DataFrame(
            {"subject": [focus["subject"]], "since": [focus["begins"]], "until": [focus["ends"]]}
        )
        first = self._met(self._stays(seeds))
        later = first.groupby("subject")["since"].min().reset_index()
        second = set(self._met(self._stays(self._free(later)))["subject"])
        second -= {*first["subject"], focus["subject"]}
        return (
            sorted(self.names[list(later["subject"])]),
            sorted(self.names[sorted(second)]),
        )

    def _stays(self, seeds: Any) -> Any:
        """Stays of the seeds, clipped to their windows."""
        begins = self.by_subject["subject"].searchsorted(seeds["subject"], "left")
        ends = self.by_subject["subject"].searchsorted(seeds["subject"], "right")
        rows = [row for a, b in zip(begins, ends, strict=True) for row in range(a, b)]
        theirs = self.by_subject.iloc[rows].merge(seeds, on="subject")
        theirs["begins"] = theirs[["begins", "since"]].max(axis=1)
        theirs["ends"] = theirs[["ends", "until"]].min(axis=1)
        theirs = theirs[theirs["begins"] < theirs["ends"]]
        return theirs[["subject", "place", "begins", "ends"]].rename(columns={"subject": "via"})

    def _met(self, stays: Any) -> Any:
        """Who was long enough with whom: via, subject, since."""
        import pandas as pd

        sums = []
        together = stays["place"].map(self.at_place).fillna(0).cumsum() // _PAIRS_AT_ONCE
        for _, part in stays.groupby(together):
            there = self.by_place[self.by_place["place"].isin(part["place"].unique())]
            pairs = part.merge(there, on="place", suffixes=("", "_b"))
            pairs = pairs[
                (pairs["begins_b"] < pairs["ends"])
                & (pairs["ends_b"] > pairs["begins"])
                & (pairs["subject"] != pairs["via"])
            ]
            since = pairs[["begins", "begins_b"]].max(axis=1)
            seconds = pairs[["ends", "ends_b"]].min(axis=1) - since
            pairs = pairs.assign(since=since, seconds=seconds)
            sums.append(pairs[["via", "subject", "since", "seconds"]])
        if not sums:
            return pd.DataFrame({"via": [], "subject": [], "since": []})
        pairs = pd.concat(sums).groupby(["via", "subject"], as_index=False)
        met = pairs.agg(since=("since", "min"), seconds=("seconds", "sum"))
        return met[met["seconds"] >= LEAST_SECONDS]

    def _free(self, later: Any) -> Any:
        """Contacts as seeds: until they were kept apart, not counting what was over by then."""
        held = later.merge(self.confined, on="subject")
        held = held[held["ends"].isna() | (held["ends"] > held["since"])]
        until = held.groupby("subject")["begins"].min()
        seeds = later.assign(until=later["subject"].map(until).fillna(self.as_of).astype("int64"))
        return seeds[seeds["until"] > seeds["since"]]
