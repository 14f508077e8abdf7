"""Agreement speaks only of what was generated: every feature, in a rule that finds somebody."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings

from ringfence.engines.question import Question
from ringfence.engines.reference import ReferenceEngine
from ringfence.protocols.model import Fact

from .features import feature_coverage, features_of
from .snapshots import SmallWorld, snapshot_of
from .strategies import Trial, trials

EXAMPLES, BATCHES = 90, 6

WORLD_FEATURES = (
    "open-ended stay",
    "stay of several days",
    "stays that touch",
    "denied stay",
    "assumed stay",
    "one key from two sources",
    "replaced row",
    "undated link",
    "place that no file describes",
    "contradicting kinds of a place",
)
ANSWER_FEATURES = (
    *(f"open {fact}" for fact in Fact),
    *(f"kind {kind}" for kind in ("presence", "event", "encounter", "link")),
    *(f"certainty {word}" for word in ("measured", "recorded", "declared", "assumed")),
    "satisfied",
    "not satisfied",
    "no setting",
    "flagged",
    "held beside open",
    "several focuses",
)


def _of_world(world: SmallWorld) -> Counter[str]:
    stays, places = world.tables["presence"], world.tables["place"]
    keys = Counter((row["subject"], row["place"], row["start"]) for row in stays)
    versions = Counter((row["subject"], row["place"], row["start"], row["source"]) for row in stays)
    kinds = {(row["place"], row["kind"]) for row in places}
    ends = {(row["place"], row["end"]) for row in stays}
    found = {
        "open-ended stay": any(row["end"] is None for row in stays),
        "stay of several days": any((row["end"] or 0) - row["start"] > 86_400 for row in stays),
        "stays that touch": any((row["place"], row["start"]) in ends for row in stays),
        "denied stay": any(row["certainty"] == "denied" for row in stays),
        "assumed stay": any(row["certainty"] == "assumed" for row in stays),
        "one key from two sources": max(keys.values(), default=0)
        > max(versions.values(), default=0),
        "replaced row": world.replacing and max(versions.values(), default=0) > 1,
        "undated link": any(row["start"] is None for row in world.tables["link"]),
        "place that no file describes": {r["place"] for r in stays} > {r["place"] for r in places},
        "contradicting kinds of a place": len(kinds) > len({place for place, _ in kinds}),
    }
    return Counter(name for name, is_so in found.items() if is_so)


def _of_answer(rows: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(f"open {fact}" for fact in row["open"])
        found.update((f"kind {row['kind']}", f"certainty {row['certainty']}"))
        found["satisfied" if row["satisfied"] else "not satisfied"] += 1
        found["no setting"] += row["setting"] is None
        found["flagged"] += bool(row["flags"])
        found["held beside open"] += not (row["satisfied"] or row["open"])
    found["several focuses"] += len({row["focus"] for row in rows}) > 1
    return found


def _of_question(question: Question, rows: list[dict[str, Any]]) -> Counter[str]:
    """Features of the answer, and of the rules and dwells that made it."""
    found, finders = _of_answer(rows), {row["rule"] for row in rows}
    for rule in question.protocol.rules:
        if rule.id in finders or rule.ride is not None:
            found.update(features_of(rule))
    if any(row["kind"] == "event" for row in rows):
        for dwell in question.protocol.dwells.values():
            found.update(features_of(dwell))
    return found


def _drawn(number: int) -> Counter[str]:
    """What one batch of examples generated."""
    found: Counter[str] = Counter()

    @seed(number)
    @settings(max_examples=EXAMPLES, derandomize=False, database=None, phases=[Phase.generate])
    @given(trials())
    def collect(trial: tuple[Trial, ...]) -> None:
        for world, questions in trial:
            found.update(_of_world(world))
            with TemporaryDirectory() as folder:
                engine = ReferenceEngine(snapshot_of(world, Path(folder)))
                for question in questions:
                    found.update(_of_question(question, engine.ask(question).to_pylist()))

    collect()
    return found


@pytest.fixture(scope="module")
def generated() -> Counter[str]:
    """How often each feature was part of a rule that found somebody.

    Batches until all were seen: what Hypothesis draws for a seed also depends on the modules
    that a process has loaded, and so the rarest feature may be missing from one.
    """
    seen: Counter[str] = Counter()
    wanted = {*feature_coverage(), *WORLD_FEATURES, *ANSWER_FEATURES}
    for number in range(BATCHES):
        if wanted <= seen.keys():
            break
        seen.update(_drawn(number))
    return seen


def test_every_rule_feature_is_generated_in_a_rule_that_finds_somebody(
    generated: Counter[str],
) -> None:
    assert [feature for feature in feature_coverage() if not generated[feature]] == []


def test_every_kind_of_record_and_answer_is_generated(generated: Counter[str]) -> None:
    wanted = (*WORLD_FEATURES, *ANSWER_FEATURES)
    assert [feature for feature in wanted if not generated[feature]] == []


def test_the_list_of_features_is_derived_from_the_model() -> None:
    features = feature_coverage()
    assert {
        "Is(indoor).if_unknown=no_match",
        "Near(distance).strict=True",
        "Exemption.masks=either",
        "Minutes.within_hours=given",
        "Rule.conditions=SameZone",
        "Rule.lag_minutes=0",
        "Dwell.before=given",
    } <= set(features)
    assert "Rule.title=None" not in features
