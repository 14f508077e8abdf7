"""What is registered of persons, places, jurisdictions and risk areas."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import vocabularies as words
from ringfence.records.columns import Column, Kind, Table, Tense
from ringfence.records.declaring import (
    GRID,
    HEALTH,
    IDENTITY,
    ORGANISATION,
    PUBLIC,
    key_column,
    moment_column,
    place_column,
    position_columns,
    subject_column,
    text_column,
    word_column,
)

_KINDS = {kind: terms for kind, (_, terms) in words.PLACE_KINDS.items()}

REGISTERS = (
    Table(
        "subject",
        Text("a person as one sender knows them", "人员"),
        (
            subject_column(),
            GRID,
            word_column(
                "role",
                "role in the community",
                "身份类别",
                words.ROLES,
                ORGANISATION,
                required=False,
            ),
            text_column("name", "name", "姓名", IDENTITY, required=False),
            Column(
                "sex",
                Kind.WORD,
                Text("sex", "性别"),
                IDENTITY,
                False,
                True,
                words=tuple(words.SEXES),
            ),
            Column(
                "birth_date", Kind.DATE, Text("date of birth", "出生日期"), IDENTITY, False, True
            ),
            Column(
                "id_kind",
                Kind.WORD,
                Text("kind of identity document", "证件类型"),
                IDENTITY,
                False,
                True,
                words=tuple(words.ID_KINDS),
            ),
            text_column(
                "id_number", "number of the document", "证件号码", IDENTITY, required=False
            ),
            text_column("phone", "telephone", "电话", IDENTITY, required=False),
            text_column("address", "home address", "住址", IDENTITY, required=False),
        ),
        ("subject",),
        "registers of persons",
    ),
    Table(
        "place",
        Text("a place where people stay", "场所"),
        (
            place_column(),
            word_column("kind", "kind of place", "场所类型", _KINDS, ORGANISATION),
            text_column("name", "name of the place", "场所名称", ORGANISATION, may_be_empty=True),
            *position_columns(ORGANISATION, required=False),
            word_column(
                "ventilation",
                "how the place is ventilated",
                "通风情况",
                words.VENTILATIONS,
                ORGANISATION,
                required=False,
            ),
            GRID,
        ),
        ("place",),
        "registers of places",
    ),
    Table(
        "jurisdiction",
        Text("an administrative unit", "管辖地"),
        (
            key_column("code", "code", "代码", PUBLIC),
            key_column("parent", "code of the unit above", "上级代码", PUBLIC, may_be_empty=True),
            word_column("level", "level", "层级", words.JURISDICTION_LEVELS, PUBLIC),
            text_column("name_zh", "Chinese name", "中文名称", PUBLIC, may_be_empty=True),
            text_column("name_en", "English name", "英文名称", PUBLIC, may_be_empty=True),
        ),
        ("code",),
        "tables of administrative divisions",
    ),
    Table(
        "area",
        Text("a risk area while it was one", "风险区域"),
        (
            key_column("area", "key of the area", "区域编号", PUBLIC),
            word_column("level", "level of risk", "风险等级", words.AREA_LEVELS, PUBLIC),
            moment_column(
                "from",
                "first day, or instant",
                "起始时间",
                tense=Tense.MAY_COME,
                sensitivity=PUBLIC,
            ),
            moment_column(
                "to",
                "last day, or instant (exclusive)",
                "终止时间",
                may_be_empty=True,
                tense=Tense.MAY_COME,
                sensitivity=PUBLIC,
            ),
            Column("places", Kind.WORDS, Text("places in the area", "区域内场所"), PUBLIC),
            Column("cases", Kind.WORDS, Text("cases that the area cites", "依据的病例"), HEALTH),
        ),
        ("area", "from"),
        "health authority",
        starts="from",
        ends="to",
    ),
)
