"""Faulty protocol files: for each fault its text, line, path of the field, words of the message."""

from __future__ import annotations

from tests.unit.protocols.written import with_line, with_top

Faulty = tuple[str, tuple[int, str, str]]

MEASURE = "  close: [{kind: home, days: 3, tests: [%s]}]"

OF_THE_FILE: dict[str, Faulty] = {
    "unknown field of the file": (
        with_top("crowdlimit: 5"),
        (14, "", "there is no field 'crowdlimit' here; write one of: crowd_limit"),
    ),
    "field that is missing": (
        with_line("disease: test\n", ""),
        (1, "", "the field 'disease' is missing"),
    ),
    "format that is not known": (
        with_line("format: 1", "format: 2"),
        (1, "format", "it reads format 1"),
    ),
    "repeated field": (
        with_top("id: other"),
        (14, "", "'id' is already given on line 2"),
    ),
    "field without a section": (
        with_line("title: {en: Test rules, zh: 测试规则}", "title: Test rules"),
        (4, "title", "named fields are wanted"),
    ),
    "one language only": (
        with_line("title: {en: Test rules, zh: 测试规则}", "title: {en: Test rules}"),
        (4, "title", "the field 'zh' is missing"),
    ),
    "name with blanks": (
        with_line("id: test-rules", "id: Test Rules"),
        (2, "id", "small letters and digits"),
    ),
    "version in words": (
        with_line("version: 1", "version: first"),
        (3, "version", "a whole number from 1 to 9999"),
    ),
    "day that does not exist": (
        with_line("valid: [2020-01-01, null]", "valid: [2020-02-30, null]"),
        (7, "valid[1]", "a calendar day is wanted (2022-06-28)"),
    ),
    "end before start": (
        with_line("valid: [2020-01-01, null]", "valid: [2020-01-01, 2020-01-01]"),
        (7, "valid", "must be after the start"),
    ),
    "validity of one day": (
        with_line("valid: [2020-01-01, null]", "valid: 2020-01-01"),
        (7, "valid", "[from, to]"),
    ),
    "unknown event of an anchor": (
        with_line("kind: onset", "kind: onst"),
        (9, "anchors[1].kind", "'onst' is not an event of a case; write one of: onset"),
    ),
    "offset without a unit": (
        with_line("start: -2d", "start: -2"),
        (9, "anchors[1].start", "a number of days is wanted (-2d, 4d"),
    ),
    "end that says nothing": (
        with_line("end: {event: isolated}", "end: {symptom_free: 3d}"),
        (9, "anchors[1].end", "an end names an event, an offset in days, or both"),
    ),
    "no anchor": (
        with_line("  - {kind: onset, start: -2d, end: {event: isolated}}\n", "  []\n"),
        (9, "anchors", "a list of anchors is wanted"),
    ),
    "unknown seed": (
        with_top("seeds: [nearr]"),
        (14, "seeds[1]", "there is no rule 'nearr'; write one of: near"),
    ),
    "seed that is not close": (
        with_top("  - {id: work, class: general, priority: 2}", "seeds: [work]"),
        (15, "seeds[1]", "only a rule of order 1 and class close can seed"),
    ),
    "crowd limit of a household": (
        with_top("crowd_limit: {default: 200, household: 5}"),
        (14, "crowd_limit", "there is no field 'household' here"),
    ),
    "crowd limit in words": (
        with_top("crowd_limit: {dining: many}"),
        (14, "crowd_limit.dining", "a whole number"),
    ),
    "unknown place of a dwell": (
        with_top("dwell: {restaurnt: {before: 1m, after: 1m}}"),
        (14, "dwell", "there is no field 'restaurnt' here; write one of: restaurant"),
    ),
    "dwell of no length": (
        with_top("dwell: {default: {before: 0m, after: 0m}}"),
        (14, "dwell.default", "makes no stay"),
    ),
    "dwell without a unit": (
        with_top("dwell: {default: {before: 15, after: 1m}}"),
        (14, "dwell.default.before", "a length of time is wanted"),
    ),
    "unknown kind of measure": (
        with_top("measures:", "  close: [{kind: hotel, days: 7}]"),
        (15, "measures.close[1].kind", "'hotel' is not a kind of measure; write one of:"),
    ),
    "measures of an unknown class": (
        with_top("measures:", "  near: [{kind: home, days: 7}]"),
        (15, "measures", "there is no field 'near' here; write one of:"),
    ),
    "test after the measure": (
        with_top("measures:", MEASURE % "1, 4"),
        (15, "measures.close[1].tests", "lie within the measure"),
    ),
    "tests out of order": (
        with_top("measures:", MEASURE % "3, 1"),
        (15, "measures.close[1].tests", "must rise"),
    ),
    "retention in words": (
        with_top("retention: long"),
        (14, "retention", "a number of days is wanted"),
    ),
    "anchor of YAML": (
        with_top("source: &here {issuer: Somebody}"),
        (14, "source", "anchors and aliases"),
    ),
    "alias of YAML": (
        with_top("source: *here"),
        (14, "source", "anchors and aliases"),
    ),
    "tag of YAML": (
        with_top("source: !!python/object:os.system {}"),
        (14, "source", "tags (!) are not used"),
    ),
    "second document": (
        with_top("---", "id: other"),
        (14, "", "a second document begins here"),
    ),
    "broken YAML": (
        with_top("source: {issuer: [}"),
        (14, "", "this is not YAML"),
    ),
    "field named by a list": (
        with_top("? [a, b]", ": c"),
        (14, "", "the name of a field must be one word"),
    ),
    "too deep": (
        with_top("source: " + "[" * 40 + "]" * 40),
        (14, "source" + "[1]" * 16, "nested deeper than 16 levels"),
    ),
    "list at the root": (
        "- a\n- b\n",
        (1, "", "named fields are wanted"),
    ),
    "nothing at all": (
        "",
        (1, "", "named fields are wanted"),
    ),
}
