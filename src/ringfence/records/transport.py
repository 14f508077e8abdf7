"""Runs of trains, flights, coaches and ships; vehicles; who was on board."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import vocabularies as words
from ringfence.records.columns import Column, Kind, Table, Tense
from ringfence.records.declaring import (
    END,
    MOVEMENT,
    PUBLIC,
    RETENTION,
    START,
    instant_column,
    key_column,
    place_column,
    subject_column,
    truth_column,
    word_column,
)

_SERVICES = {kind: terms for kind, (_, terms) in words.SERVICE_KINDS.items()}

TRANSPORT = (
    Table(
        "service",
        Text("one run of a train, flight, coach or ship", "班次"),
        (
            key_column("service", "key of the run", "班次编号", PUBLIC),
            word_column("kind", "kind of service", "交通工具", _SERVICES, PUBLIC),
            Column(
                "date",
                Kind.DATE,
                Text("local day of departure from the first stop", "始发日期"),
                PUBLIC,
                tense=Tense.MAY_COME,
            ),
            Column("numbers", Kind.WORDS, Text("its public numbers", "车次或航班号"), PUBLIC),
            key_column("layout", "seat layout", "座位布局", PUBLIC, required=False),
            truth_column("sealed", "whether windows cannot be opened", "是否密闭", PUBLIC),
            truth_column("hepa", "whether the air is HEPA-filtered", "是否有高效过滤", PUBLIC),
        ),
        ("service",),
        "carriers",
    ),
    Table(
        "stop",
        Text("a stop of a run, planned and real", "停站"),
        (
            key_column("service", "key of the run", "班次编号", PUBLIC),
            Column(
                "seq", Kind.WHOLE, Text("order of the stop", "站序"), PUBLIC, least=0, most=1000
            ),
            key_column("station", "station", "车站", PUBLIC),
            instant_column(
                "arrive",
                "planned arrival; empty at the first stop",
                "计划到达",
                may_be_empty=True,
                tense=Tense.MAY_COME,
                sensitivity=PUBLIC,
            ),
            instant_column(
                "depart",
                "planned departure; empty at the last stop",
                "计划出发",
                may_be_empty=True,
                tense=Tense.MAY_COME,
                sensitivity=PUBLIC,
            ),
            instant_column(
                "actual_arrive", "real arrival", "实际到达", required=False, sensitivity=PUBLIC
            ),
            instant_column(
                "actual_depart", "real departure", "实际出发", required=False, sensitivity=PUBLIC
            ),
            truth_column("cancelled", "whether the stop was cancelled", "是否取消", PUBLIC),
        ),
        ("service", "seq"),
        "carriers",
    ),
    Table(
        "ride",
        Text("a person on a run between two stops", "乘坐记录"),
        (
            subject_column(),
            key_column("service", "key of the run", "班次编号", MOVEMENT),
            Column(
                "board_seq",
                Kind.WHOLE,
                Text("stop of boarding", "上车站序"),
                MOVEMENT,
                False,
                True,
                least=0,
                most=1000,
            ),
            Column(
                "alight_seq",
                Kind.WHOLE,
                Text("stop of leaving", "下车站序"),
                MOVEMENT,
                False,
                True,
                least=0,
                most=1000,
            ),
            key_column(
                "from",
                "station of boarding, until the stops arrive",
                "上车站",
                MOVEMENT,
                required=False,
            ),
            key_column(
                "to",
                "station of leaving, until the stops arrive",
                "下车站",
                MOVEMENT,
                required=False,
            ),
            key_column("carriage", "carriage", "车厢", MOVEMENT, required=False),
            key_column("row", "row of the seat", "排", MOVEMENT, required=False),
            key_column("seat", "seat", "座位", MOVEMENT, required=False),
            key_column("zone", "zone or compartment", "分区或包厢", MOVEMENT, required=False),
            word_column("role", "passenger or crew", "身份", words.ROLES, MOVEMENT, required=False),
            word_column(
                "status",
                "ticketed, boarded, or told in an interview",
                "状态",
                words.RIDE_STATUSES,
                MOVEMENT,
                required=False,
            ),
        ),
        ("subject", "service", "board_seq", "from"),
        "carriers, interviews",
        retention_days=RETENTION,
    ),
    Table(
        "sighting",
        Text("a vehicle was seen at a place", "车辆识别"),
        (
            key_column("vehicle", "key of the vehicle", "车辆编号", MOVEMENT),
            place_column(),
            instant_column("at", "when it was seen", "识别时间"),
        ),
        ("vehicle", "place", "at"),
        "gates",
        starts="at",
        retention_days=RETENTION,
    ),
    Table(
        "occupancy",
        Text("a person was in a vehicle", "乘车人员"),
        (
            key_column("vehicle", "key of the vehicle", "车辆编号", MOVEMENT),
            subject_column(),
            START,
            END,
        ),
        ("vehicle", "subject", "start"),
        "taxi meters, interviews",
        starts="start",
        ends="end",
        retention_days=RETENTION,
    ),
)
