"""The page of the truth report, and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.charts.canvas import write
from bench.charts.kinds import bars, lines
from bench.machine import ROOT
from bench.tables import table
from bench.truth.plan import MAIN
from bench.truth.scoring import Score
from ringfence.protocols.catalogue import named

PAGE = ROOT / "docs" / "reference" / "truth.md"

_ALL = "all channels"
_RECALLS = {False: "recall without it", True: "recall with it alone"}

Told = Mapping[str, Any]

_HEAD = """# How much of the truth a trace finds

Written by `make truth`; not edited by hand. Synthetic cities are made whose truth is known: who was
where with whom, and who infected whom. What their agencies deliver of it, with gaps, delays and
faults, goes into a home; the detected cases are traced one by one; the lists are compared with the
contacts that the same protocol would name if everything were known. Those are worked out by the
city's own evaluation of the rules, which shares no code with the program that it judges.

A **pair** is a case and a person exposed to it, in ring 1 or 2. *Precision*: of the pairs listed,
the share that are true contacts. *Recall*: of the true pairs, the share listed. *With review*: or
concerned by a question that the program asks. A pair counts as found in whichever ring it is
listed. The crowd limit is on, as it is in use; the truth knows none.
"""


def rendered(told: Told) -> str:
    plan, every = told["plan"], told["everything"]
    seeds = ", ".join(map(str, plan["seeds"]))
    reported = sum(one["reported"] for one in every)
    setup = (
        f"Cities of {plan['people']:,} people and {plan['days']} days, seeds {seeds}"
        f" ({plan['index_cases']} people infected before the first day): {reported:,} reported"
        f" cases, of which {plan['cases']} a city are traced for the first tables, {plan['few']}"
        f" where much is varied. Protocol `{MAIN}` where none is named.\n"
    )
    parts = [
        _HEAD,
        setup,
        _whole(every),
        _rules(every),
        _protocols(every),
        _channels(told["channels"]),
        _curves(told["curves"]),
        _lived(told["lived"]),
        *_stories(told.get("stories", [])),
        _conditions(told),
    ]
    return "\n".join(parts)


def added(scores: Iterable[Mapping[str, int]]) -> Score:
    return sum((Score(**one) for one in scores), Score())


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


_HEADS = ("pairs listed", "true", "precision", "recall", "with review")


def _row(one: Score) -> tuple[str, ...]:
    return (
        f"{one.listed:,}",
        f"{one.true:,}",
        share(one.precision),
        share(one.recall),
        share(one.recall_with_review),
    )


def _review(one: Score) -> tuple[str, ...]:
    cases = max(1, one.cases)
    return (f"{one.asked / cases:,.1f}", f"{one.questions / cases:,.1f}")


def _whole(every: Sequence[Told]) -> str:
    head = ("what is known", "ring", *_HEADS, "people to ask about, a case", "questions, a case")
    rows = []
    for name, key in (
        ("everything, no crowd limit", "known"),
        ("everything, crowd limit", "known_limited"),
        ("what agencies deliver", "main"),
        ("the same, numbers of one person merged", "persons"),
        ("the same in the agencies' own forms, linked by checked numbers", "linked"),
    ):
        if key not in every[0]:
            continue
        for ring in ("1 and 2", "1", "2"):
            told = [
                one[key]["whole"] if ring == "1 and 2" else one[key]["rings"][ring] for one in every
            ]
            score = added(told)
            asked = _review(score) if ring == "1 and 2" else ("", "")
            rows.append((name if ring == "1 and 2" else "", ring, *_row(score), *asked))
    by_seed = [
        (str(one["seed"]), f"{one['reported']:,}", *_row(Score(**one["main"]["whole"])))
        for one in every
    ]
    return (
        "## What is found\n\nThe first row is a check of the program: it must tell 100 %.\n\n"
        + table(head, rows)
        + "\nCity by city, what agencies deliver:\n\n"
        + table(("seed", "cases reported", *_HEADS), by_seed)
    )


def _rules(every: Sequence[Told]) -> str:
    names = {rule.id: rule.title.en if rule.title else "" for rule in named(MAIN).protocol.rules}
    found = sorted({rule for one in every for rule in one["main"]["rules"]})
    order = [rule for rule in names if rule in found]
    rows = []
    for rule in order:
        score = added(one["main"]["rules"][rule] for one in every if rule in one["main"]["rules"])
        rows.append((f"`{rule}`", names[rule], *_row(score)))
    return (
        "## By rule\n\nOf the pairs listed by a rule, the share that are true contacts by any; of"
        " the pairs true by it, the share listed by any.\n\n" + table(("rule", "", *_HEADS), rows)
    )


def _protocols(every: Sequence[Told]) -> str:
    rows = []
    for name in (MAIN, *sorted(set(every[0]["protocols"]) - {MAIN})):
        score = added(one["protocols"][name]["whole"] for one in every)
        rows.append((f"`{name}`", str(score.cases), *_row(score), *_review(score)))
    head = ("protocol", "cases", *_HEADS, "people to ask about, a case", "questions, a case")
    words = "The disease of the cities is COVID-19: `measles` finds no case that it can trace.\n\n"
    return f"## By protocol\n\n{words}" + table(head, rows)


def _of_channels(told: Sequence[Told]) -> dict[str, dict[bool, Score]]:
    """By channel: left out (False) and alone (True); first what all of them find together."""
    found: dict[str, dict[bool, Score]] = {}
    for one in told:
        of = found.setdefault(one["channel"] or _ALL, {})
        of[one["alone"]] = of.get(one["alone"], Score()) + Score(**one["main"]["whole"])
    return found


def _channels(told: Sequence[Told]) -> str:
    rows = []
    for channel, of in _of_channels(told).items():
        for alone, one in sorted(of.items()):
            name = "alone" if alone else "left out" if channel != _ALL else ""
            rows.append((channel if not alone else "", name, *_row(one), *_review(one)))
    head = ("channel", "", *_HEADS, "people to ask about, a case", "questions, a case")
    return (
        "## By channel\n\nEach channel that tells who met whom, left out and alone; registers,"
        " cases, laboratory, symptoms, vaccinations and measures are always there. Seeds "
        + ", ".join(map(str, sorted({one["seed"] for one in told})))
        + ".\n\n![Recall without a channel and with it alone](charts/truth-channels.svg)\n\n"
        + table(head, rows)
    )


def _points(told: Sequence[Told], kind: str) -> dict[float, Score]:
    found: dict[float, Score] = {}
    for one in told:
        if one["kind"] == kind:
            before = found.get(one["value"], Score())
            found[one["value"]] = before + Score(**one["main"]["whole"])
    return dict(sorted(found.items()))


def _curves(told: Sequence[Told]) -> str:
    parts = []
    for kind, title, words in (
        (
            "coverage",
            "As coverage grows",
            "Every channel that tells who met whom sees the same share of what happened; faults as"
            " usual.",
        ),
        (
            "noise",
            "As noise grows",
            "All faults of all channels (wrong clocks, missing ends, duplicates, other keys,"
            " borrowed telephones, wrong digits, wrong days), as a multiple of what is usual;"
            " coverage as usual.",
        ),
    ):
        rows = [
            (f"{value:.0%}" if kind == "coverage" else f"{value:g}", *_row(one), *_review(one))
            for value, one in _points(told, kind).items()
        ]
        head = (kind, *_HEADS, "people to ask about, a case", "questions, a case")
        parts.append(
            f"## {title}\n\n{words}\n\n![{title}](charts/truth-{kind}.svg)\n\n" + table(head, rows)
        )
    return "\n".join(parts)


def _lived(told: Sequence[Told]) -> str:
    rows = []
    for one in told:
        every = one["infections"]
        rows.append(
            (
                str(one["seed"]),
                f"{every:,}",
                _of(one["infector_traced"], every),
                _of(one["listed"], every),
                _of(one["listed_of_traced"], one["infector_traced"]),
                _of(one["listed_before_onset"], one["with_onset"]),
                _of(one["listed_before_report"], one["reported"]),
                "–" if one["median_days"] is None else f"{one['median_days']:.1f}",
                f"{one['people_listed']:,}",
            )
        )
    head = (
        "seed", "infections in the city", "infector traced", "infected person listed",
        "… where the infector was traced", "listed before own onset", "listed before own report",
        "days from infection to the list, median", "people listed in all",
    )  # fmt: skip
    return (
        "## Lived through day by day\n\nEvery evening at 20:00 what has been received is imported"
        " with that clock, and every case known by then is traced, again on the two days after."
        " The city does not act on the lists: nobody on them stays at home for it. Onsets and"
        " reports are those of infected people who were reported. The chart counts those first"
        " listed after their infection; the others were on a list by then, for an earlier"
        " exposure.\n\n"
        "![Share of infections listed by days since the infection](charts/truth-early.svg)\n\n"
        + table(head, rows)
    )


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({share(part / whole)})" if whole else "–"


def _stories(told: Sequence[Told]) -> Iterator[str]:
    """Results of before seats and movements were told have none."""
    if not told:
        return
    seats, moved = ([one[kind] for one in told] for kind in ("seats", "movements"))
    yield (
        "## Seats and movements\n\n"
        f"{len(told)} invented journeys of a case over three trains, on which people board,\n"
        "leave, change seats and fail to come; and as many fortnights of a case, told by eleven\n"
        "channels with a lent telephone, wrong clocks, an unused ticket, a journey kept silent\n"
        "and more faults.\n"
    )
    near = _total(seats)
    rows = [
        ("people aboard", f"{near['aboard']:,}"),
        ("truly within three rows, by person and stops", f"{near['true']:,}"),
        ("listed", f"{near['listed']:,}"),
        ("precision", share(near["right"] / max(1, near["listed"]))),
        ("recall", share(near["right"] / max(1, near["true"]))),
    ]
    yield table(("three rows before and behind", "figure"), rows)
    days = _total(moved)
    rows = [
        ("records", f"{days['records']:,}"),
        ("stays of 15 minutes or longer restored", share(days["restored"] / days["stays"])),
        ("of their time", share(days["minutes_restored"] / days["minutes"])),
        ("stays told that never were", f"{days['untrue']:,.0f}"),
        (
            "faults in the records told as what they are",
            f"{days['found']:,.0f} of {days['planted']:,.0f}",
        ),
        ("conflicts told that are none", f"{days['false']:,.0f}"),
    ]
    yield table(("where a case was", "figure"), rows)


def _total(told: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: sum(one[name] for one in told) for name in told[0]}


def _conditions(told: Told) -> str:
    plan = told["plan"]
    changed = " with changes" if told["dirty"] else ""
    software = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    return (
        "## Where and when\n\n"
        f"{told['date']}, commit {told['commit']}{changed}, {told['seconds']:,} s on"
        f" {told['machine']['cores']} cores; {software}. Seeds {plan['seeds']}, of the"
        f" curves {plan['curve_seeds']}, of the channels {plan['channel_seeds']}, of the days"
        f" {plan['lived_seeds']}; each city is made anew by"
        f" `ringfence city make --people {plan['people']} --days {plan['days']}"
        f" --index-cases {plan['index_cases']} --seed S`.\n"
    )


def draw(told: Told, folder: Path) -> None:
    for kind, x_title in (
        ("coverage", "share of what happened that every meeting channel sees"),
        ("noise", "faults, as a multiple of what is usual"),
    ):
        points = _points(told["curves"], kind)
        series = {
            "precision": [(x, one.precision or 0) for x, one in points.items()],
            "recall": [(x, one.recall or 0) for x, one in points.items()],
            "recall with review": [(x, one.recall_with_review or 0) for x, one in points.items()],
        }
        chart = lines(
            f"Contacts found as {kind} grows",
            series,
            x_title=x_title,
            y_title="share",
            y_top=1,
            x_told=_percent if kind == "coverage" else _times,
            y_told=_percent,
        )
        write(chart, folder / f"truth-{kind}.svg")
    groups = {
        channel: {
            _RECALLS[alone] if channel != _ALL else "recall with all": one.recall or 0
            for alone, one in sorted(of.items(), reverse=True)
        }
        for channel, of in _of_channels(told["channels"]).items()
    }
    title = "Contacts found without a channel, and with it alone"
    chart = bars(title, groups, x_title="recall, both rings", told=_percent)
    write(chart, folder / "truth-channels.svg")
    early = {
        f"seed {one['seed']}": [
            (float(day), count / one["infections"]) for day, count in enumerate(one["by_day"])
        ]
        for one in told["lived"]
        if one["infections"]
    }
    chart = lines(
        "Infected people first listed after their infection",
        early,
        x_title="days since the infection",
        y_title="share of all infections in the city",
        y_top=1,
        y_told=_percent,
    )
    write(chart, folder / "truth-early.svg")


def _percent(value: float) -> str:
    return f"{value * 100:.3g} %"


def _times(value: float) -> str:
    return f"{value:g}×"
