"""The studies of the report. Each runs in a process of its own and tells plain figures."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench.supply import city_command, make
from bench.truth import living
from bench.truth.answers import Answers, Pair, Told, answers
from bench.truth.desk import filled, found, linked, some_of
from bench.truth.desk import persons as persons_of
from bench.truth.plan import MAIN, MEETING, Plan
from bench.truth.scoring import Found, Judged, judged
from ringfence.errors import UserError

Figures = dict[str, Any]


def in_words(
    study: Callable[..., Figures], plan: Plan, work: str, given: tuple[Any, ...]
) -> Figures:
    """A user's error does not travel between processes; its words do."""
    try:
        return study(plan, work, *given)
    except UserError as error:
        raise RuntimeError(error.text.en) from None


def base(plan: Plan, work: Path, seed: int) -> Path:
    """The city of a seed, with its answers: made once."""
    out = work / f"city-{seed}"
    if not (out / "answers" / "evaluation.json").exists():
        _make(plan, out, seed)
        city_command("answers", str(out))
    return out


def everything(plan: Plan, work: str, seed: int) -> Figures:
    """All channels as they are, by ring and rule; all protocols; and the same if all were known."""
    city = base(plan, Path(work), seed)
    truth = answers(city)
    cases = some_of(truth.subject_of, plan.cases)
    whole = work_out(plan, Path(work), seed, truth, cases)
    with _home() as folder:
        desk = filled(city, folder)
        told = found(desk, MAIN, cases)
        few = some_of(truth.subject_of, plan.few)
        protocols = {MAIN: judged(told, truth.contacts[MAIN])} | {
            name: judged(found(desk, name, few), truth.contacts.get(name, {}))
            for name in plan.others
        }
    return {
        "seed": seed,
        "infections": len(truth.infections),
        "reported": len(truth.subject_of),
        "known": plain(judged(whole["open"], truth.contacts[MAIN])),
        "known_limited": plain(judged(whole["limited"], truth.contacts[MAIN])),
        "main": plain(judged(told, with_rules(truth.contacts[MAIN], whole["open"]))),
        "linked": plain(in_own_forms(plan, Path(work), seed, truth, cases)),
        "persons": plain(judged(persons(told), truth.contacts[MAIN])),
        "protocols": {name: plain(one) for name, one in protocols.items()},
    }


def in_own_forms(
    plan: Plan, work: Path, seed: int, truth: Answers, cases: Collection[str]
) -> Judged:
    """The same city as its agencies write it: brought in by mappings, linked by checked numbers."""
    out = work / f"raw-{seed}"
    _make(plan, out, seed, "--raw")
    known = [case for case in cases if case in truth.subject_of]
    with _home() as folder:
        desk = linked(out, folder)
        told = judged(found(desk, MAIN, known), persons_of(desk, truth.contacts[MAIN]))
    shutil.rmtree(out)
    return told


def work_out(
    plan: Plan, work: Path, seed: int, truth: Answers, cases: Collection[str]
) -> Mapping[str, Found]:
    """What the program says where every fact is delivered: without and with the crowd limit."""
    out = work / f"full-{seed}"
    _make(plan, out, seed, "--full")
    known = [case for case in cases if case in truth.subject_of]
    with _home() as folder:
        desk = filled(out, folder)
        told = {
            "open": found(desk, MAIN, known, crowd_limit=False),
            "limited": found(desk, MAIN, known),
        }
    shutil.rmtree(out)
    return told


def with_rules(truth: Mapping[Pair, Told], known: Found) -> dict[Pair, Told]:
    """The answers tell no rules; a trace of all facts finds the same pairs, and by which rules."""
    return {
        pair: replace(told, rules=known.listed[pair].rules) if pair in known.listed else told
        for pair, told in truth.items()
    }


def persons(told: Found) -> Found:
    """As if every subject number that stands for the same person had been merged."""
    return replace(
        told,
        listed={(case, _person(key)): one for (case, key), one in told.listed.items()},
        review=frozenset((case, _person(key)) for case, key in told.review),
    )


def _person(key: str) -> str:
    """The city marks the other key of a person by its first letter."""
    return f"p{key[1:]}" if key.startswith("a") else key


def channels(plan: Plan, work: str, seed: int, channel: str | None, alone: bool) -> Figures:
    """One channel left out, or all others left out; None: nothing is left out."""
    city = base(plan, Path(work), seed)
    kept = [channel] if channel and alone else [one for one in MEETING if one != channel]
    return {
        "seed": seed,
        "channel": channel,
        "alone": alone,
        "main": plain(_few(plan, city, answers(city), kept)),
    }


def curve(plan: Plan, work: str, seed: int, kind: str, value: float) -> Figures:
    """The same truth, delivered with another coverage or with more faults."""
    truth = answers(base(plan, Path(work), seed))
    out = Path(work) / f"{kind}-{value}-{seed}"
    if kind == "noise":
        more = ["--noise", str(value)]
    else:
        more = [word for channel in MEETING for word in ("--coverage", f"{channel}={value}")]
    _make(plan, out, seed, *more)
    told = plain(_few(plan, out, truth, None))
    shutil.rmtree(out)
    return {"seed": seed, "kind": kind, "value": value, "main": told}


def lived(plan: Plan, work: str, seed: int) -> Figures:
    """Day by day, with what had been received by then."""
    city = base(plan, Path(work), seed)
    truth = answers(city)
    with _home() as folder:
        seen = living.lived(city, folder, MAIN)
    return {"seed": seed, **living.figures(seen, truth)}


def plain(told: Judged) -> Figures:
    return {
        "whole": asdict(told.whole),
        "rings": {str(order): asdict(one) for order, one in told.rings.items()},
        "rules": {rule: asdict(one) for rule, one in told.rules.items()},
    }


def _few(plan: Plan, city: Path, truth: Answers, kept: Collection[str] | None) -> Judged:
    with _home() as folder:
        told = found(filled(city, folder, kept), MAIN, some_of(truth.subject_of, plan.few))
    return judged(told, truth.contacts[MAIN])


def _make(plan: Plan, out: Path, seed: int, *more: str) -> None:
    form = () if "--raw" in more else ("--canonical",)
    asked = ("--index-cases", str(plan.index_cases), "--workers", "1", *form, *more)
    make(out, plan.people, plan.days, seed, *asked)


@contextmanager
def _home() -> Iterator[Path]:
    """The key of its vault goes with it."""
    with tempfile.TemporaryDirectory(prefix="ringfence-truth-") as name:
        before = os.environ.get("RINGFENCE_MASTER_KEY")
        os.environ["RINGFENCE_MASTER_KEY"] = str(Path(name) / "key")
        try:
            yield Path(name) / "home"
        finally:
            if before is None:
                del os.environ["RINGFENCE_MASTER_KEY"]
            else:
                os.environ["RINGFENCE_MASTER_KEY"] = before
