"""Where persons were and whom they met."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import vocabularies as words
from ringfence.records.columns import Column, Kind, Table, Tense
from ringfence.records.declaring import (
    END,
    HEALTH,
    MASK,
    MOVEMENT,
    ORGANISATION,
    RETENTION,
    ROLE,
    START,
    instant_column,
    key_column,
    place_column,
    position_columns,
    subject_column,
    text_column,
    truth_column,
    word_column,
)

_RELATIONS = {relation: terms for relation, (_, terms) in words.RELATIONS.items()}

MOVEMENTS = (
    Table(
        "presence",
        Text("a person stayed at a place from start to end", "停留记录"),
        (
            subject_column(),
            place_column(),
            START,
            END,
            key_column(
                "zone", "part of the place (hall, floor, ward)", "分区", MOVEMENT, required=False
            ),
            ROLE,
            MASK,
            word_column(
                "certainty",
                "evidence grade (recorded if empty)",
                "证据等级",
                words.CERTAINTIES,
                MOVEMENT,
                required=False,
            ),
        ),
        ("subject", "place", "start"),
        "registers, interviews, check-ins with check-outs",
        starts="start",
        ends="end",
        retention_days=RETENTION,
    ),
    Table(
        "event",
        Text("a person did something at a place at an instant", "瞬时记录"),
        (
            subject_column(),
            place_column(),
            instant_column("at", "when it happened", "发生时间"),
            word_column("kind", "kind of event", "记录类型", words.EVENT_KINDS, MOVEMENT),
        ),
        ("subject", "place", "at", "kind"),
        "payments, venue scans, gates",
        starts="at",
        retention_days=RETENTION,
    ),
    Table(
        "encounter",
        Text("two persons were measured near each other", "近距离接触"),
        (
            subject_column("subject_a"),
            subject_column("subject_b"),
            START,
            instant_column("end", "when it ended (exclusive)", "结束时间（不含）"),
            Column(
                "distance_m",
                Kind.NUMBER,
                Text("least distance", "最近距离"),
                MOVEMENT,
                may_be_empty=True,
                unit="m",
                least=0,
                most=1000,
            ),
            truth_column("physical", "whether they touched", "是否有身体接触", MOVEMENT),
            truth_column("indoor", "whether it was indoors", "是否在室内", MOVEMENT),
            truth_column("mask_a", "whether subject_a wore a mask", "甲方是否佩戴口罩", MOVEMENT),
            truth_column("mask_b", "whether subject_b wore a mask", "乙方是否佩戴口罩", MOVEMENT),
        ),
        ("subject_a", "subject_b", "start"),
        "proximity sensors, investigated footage",
        unordered=True,
        starts="start",
        ends="end",
        retention_days=RETENTION,
    ),
    Table(
        "fix",
        Text("a position of a case, as near as its accuracy", "病例定位"),
        (
            key_column("case", "number of the case, which must stand", "病例编号", HEALTH),
            text_column(
                "basis",
                "letter or approval by which the position was obtained",
                "调取依据（文号）",
                ORGANISATION,
            ),
            instant_column("at", "when it was taken", "定位时间"),
            *position_columns(MOVEMENT, required=True),
            Column(
                "accuracy_m",
                Kind.NUMBER,
                Text("radius within which the case was", "定位精度（半径）"),
                MOVEMENT,
                unit="m",
                least=1,
                most=50_000,
            ),
        ),
        ("case", "at", "lat", "lon"),
        "telephone networks, asked about one case",
        starts="at",
        retention_days=RETENTION,
    ),
    Table(
        "link",
        Text("two persons are or were related", "关系"),
        (
            subject_column("subject_a"),
            subject_column("subject_b"),
            word_column("relation", "how they are related", "关系类型", _RELATIONS, MOVEMENT),
            instant_column("start", "when it began; empty: undated", "开始时间", required=False),
            instant_column(
                "end",
                "when it ended (exclusive)",
                "结束时间（不含）",
                required=False,
                tense=Tense.MAY_COME,
            ),
            truth_column("ppe", "whether protective equipment was worn", "是否有效防护", MOVEMENT),
        ),
        ("subject_a", "subject_b", "relation", "start"),
        "interviews, household registers",
        unordered=True,
        starts="start",
        ends="end",
        retention_days=RETENTION,
    ),
)
