"""The cases of the synthetic city: onset in the last two weeks, most of them isolated since."""

from __future__ import annotations

from bench.city import AS_OF, City, midnight

_MOST_CASES = 300
_WINDOW_BEGINS = 2  # days before the anchor, as both protocols of the benchmark have it


def count(city: City) -> int:
    """Number of cases; small cities have fewer."""
    return min(_MOST_CASES, city.subjects // 10)


def names(many: int) -> list[str]:
    """The first cases; their order is random."""
    return [f"c{number:03d}" for number in range(1, many + 1)]


def cases(city: City) -> str:
    """Table `outbreak`: `anchor` is the day that the window hangs on, times are epoch seconds."""
    return f"""
    CREATE TABLE outbreak AS
    WITH infected AS (
        SELECT i, subject, 15 + floor(11 * chance(i, 'onset'))::BIGINT AS onset,
            chance(i, 'symptoms') < 0.8 AS symptomatic,
            CASE WHEN chance(i, 'isolated') < 0.7
                THEN 1 + floor(3 * chance(i, 'isolated-after'))::BIGINT END AS after
        FROM person WHERE NOT endless ORDER BY chance(i, 'infected'), i LIMIT {count(city)}
    )
    SELECT format('c{{:03d}}', row_number() OVER (ORDER BY chance(i, 'infected'), i)) AS "case",
        subject, symptomatic, onset, CASE WHEN symptomatic THEN onset ELSE onset + 1 END AS anchor,
        CASE WHEN {midnight(0)} + (onset + after) * 86400 + 36000 < {int(AS_OF.timestamp())}
            THEN {midnight(0)} + (onset + after) * 86400 + 36000 END AS isolated,
        CASE WHEN chance(i, 'sure') < 0.9 THEN 'confirmed' ELSE 'suspected' END AS classification
    FROM infected
    """


def case_rows() -> str:
    """Rows of `case`."""
    return (
        "SELECT \"case\", subject, 'covid-19' AS disease, classification, symptomatic"
        ' FROM outbreak ORDER BY "case"'
    )


def event_rows() -> str:
    """Rows of `case_event`."""
    return f"""
    SELECT "case", 'onset' AS kind, {_at("onset", 0)} AS at, 'day' AS precision
    FROM outbreak WHERE symptomatic
    UNION ALL SELECT "case", 'report', {_at("onset + 1", 12)}, 'minute' FROM outbreak
    UNION ALL SELECT "case", 'isolated', instant(isolated), 'minute'
    FROM outbreak WHERE isolated IS NOT NULL
    ORDER BY ALL
    """


def test_rows() -> str:
    """Rows of `test`: each case was sampled on the day after the onset."""
    return (
        f"SELECT subject, {_at('onset + 1', 8)} AS sampled, 'positive' AS result"
        " FROM outbreak ORDER BY subject"
    )


def window_rows() -> str:
    """The infectious windows by plain arithmetic, for the check against other programs."""
    return f"""
    SELECT "case", subject, {midnight(0)} + (anchor - {_WINDOW_BEGINS}) * 86400 AS begins,
        coalesce(isolated, {int(AS_OF.timestamp())}) AS ends, isolated
    FROM outbreak ORDER BY "case"
    """


def _at(day: str, hour: int) -> str:
    return f"instant({midnight(0)} + ({day}) * 86400 + {hour * 3600})"
