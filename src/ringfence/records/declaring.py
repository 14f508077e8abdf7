"""Short ways to declare the columns that many tables have."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import vocabularies as words
from ringfence.records.columns import Column, Kind, Sensitivity, Tense

ORGANISATION = Sensitivity.ORGANISATION
MOVEMENT = Sensitivity.MOVEMENT
HEALTH = Sensitivity.HEALTH
PUBLIC = Sensitivity.PUBLIC
IDENTITY = Sensitivity.IDENTITY

RETENTION = 28
"""Days that records of movement are kept, unless a protocol or an open case asks for more."""


def subject_column(name: str = "subject", sensitivity: Sensitivity = MOVEMENT) -> Column:
    meaning = Text("the sender's opaque key of a person", "报送方的人员编号（不含身份信息）")
    return Column(name, Kind.KEY, meaning, sensitivity, subject_key=True)


def place_column(name: str = "place") -> Column:
    meaning = Text("the sender's key of a place", "场所编号")
    return Column(name, Kind.KEY, meaning, MOVEMENT, place_key=True)


def key_column(
    name: str,
    en: str,
    zh: str,
    sensitivity: Sensitivity,
    *,
    required: bool = True,
    may_be_empty: bool = False,
) -> Column:
    empty = may_be_empty or not required
    return Column(name, Kind.KEY, Text(en, zh), sensitivity, required, empty)


def text_column(
    name: str,
    en: str,
    zh: str,
    sensitivity: Sensitivity,
    *,
    required: bool = True,
    may_be_empty: bool = False,
) -> Column:
    empty = may_be_empty or not required
    return Column(name, Kind.TEXT, Text(en, zh), sensitivity, required, empty)


def word_column(
    name: str,
    en: str,
    zh: str,
    vocabulary: dict[str, Text],
    sensitivity: Sensitivity,
    *,
    required: bool = True,
) -> Column:
    return Column(
        name, Kind.WORD, Text(en, zh), sensitivity, required, not required, words=tuple(vocabulary)
    )


def truth_column(
    name: str, en: str, zh: str, sensitivity: Sensitivity, required: bool = False
) -> Column:
    return Column(name, Kind.TRUTH, Text(en, zh), sensitivity, required, may_be_empty=True)


def instant_column(
    name: str,
    en: str,
    zh: str,
    *,
    required: bool = True,
    may_be_empty: bool = False,
    tense: Tense = Tense.HAPPENED,
    sensitivity: Sensitivity = MOVEMENT,
) -> Column:
    empty = may_be_empty or not required
    return Column(name, Kind.INSTANT, Text(en, zh), sensitivity, required, empty, tense=tense)


def moment_column(
    name: str,
    en: str,
    zh: str,
    *,
    required: bool = True,
    may_be_empty: bool = False,
    tense: Tense = Tense.HAPPENED,
    sensitivity: Sensitivity = HEALTH,
    precision_column: str | None = None,
) -> Column:
    return Column(
        name,
        Kind.MOMENT,
        Text(en, zh),
        sensitivity,
        required,
        may_be_empty or not required,
        tense=tense,
        precision_column=precision_column,
    )


def position_columns(sensitivity: Sensitivity, *, required: bool) -> tuple[Column, Column]:
    """Latitude and longitude."""
    bounds = {"lat": (Text("latitude, WGS-84", "纬度（WGS-84）"), 90)}
    bounds["lon"] = (Text("longitude, WGS-84", "经度（WGS-84）"), 180)
    lat, lon = (
        Column(
            name,
            Kind.NUMBER,
            meaning,
            sensitivity,
            required,
            not required,
            unit="degree",
            least=-most,
            most=most,
        )
        for name, (meaning, most) in bounds.items()
    )
    return lat, lon


START = instant_column("start", "when the stay began", "开始时间")
END = instant_column(
    "end",
    "when it ended (exclusive); empty: not yet known",
    "结束时间（不含）",
    may_be_empty=True,
    tense=Tense.MAY_COME,
)
GRID = key_column("grid", "grid of the community", "网格编号", ORGANISATION, required=False)
MASK = truth_column("mask", "whether a mask was worn", "是否佩戴口罩", MOVEMENT)
ROLE = word_column(
    "role", "role of the person there", "在场身份", words.ROLES, MOVEMENT, required=False
)
