"""Cases, what happened to them, and what was ordered."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import vocabularies as words
from ringfence.records.columns import Column, Kind, Table, Tense
from ringfence.records.declaring import (
    HEALTH,
    ORGANISATION,
    key_column,
    moment_column,
    subject_column,
    truth_column,
    word_column,
)

ILLNESS = (
    Table(
        "case",
        Text("a person with a disease, as classified now", "病例"),
        (
            key_column("case", "number of the case", "病例编号", HEALTH),
            subject_column(sensitivity=HEALTH),
            key_column("disease", "disease", "病种", HEALTH),
            word_column(
                "classification",
                "how sure the diagnosis is",
                "病例分类",
                words.CLASSIFICATIONS,
                HEALTH,
            ),
            truth_column(
                "symptomatic", "whether there were symptoms", "是否有症状", HEALTH, required=True
            ),
            key_column(
                "jurisdiction",
                "code of the jurisdiction in charge",
                "管辖地代码",
                ORGANISATION,
                required=False,
            ),
        ),
        ("case",),
        "laboratories, clinicians",
    ),
    Table(
        "case_event",
        Text("something that happened to a case", "病例事件"),
        (
            key_column("case", "number of the case", "病例编号", HEALTH),
            word_column("kind", "what happened", "事件类型", words.CASE_EVENT_KINDS, HEALTH),
            moment_column("at", "when it happened", "发生时间", precision_column="precision"),
            word_column(
                "precision",
                "how precisely the time is known",
                "时间精度",
                words.PRECISIONS,
                HEALTH,
                required=False,
            ),
        ),
        ("case", "kind"),
        "clinicians, investigators",
    ),
    Table(
        "symptom",
        Text("a symptom and how long it lasted", "症状"),
        (
            subject_column(sensitivity=HEALTH),
            key_column("kind", "symptom", "症状名称", HEALTH),
            moment_column("start", "first day or instant", "开始时间"),
            moment_column("end", "last day, or instant (exclusive)", "结束时间", required=False),
        ),
        ("subject", "kind", "start"),
        "clinicians, follow-up",
        starts="start",
        ends="end",
    ),
    Table(
        "test",
        Text("a sample and its result", "检测"),
        (
            subject_column(sensitivity=HEALTH),
            moment_column("sampled", "when the sample was taken", "采样时间"),
            word_column("result", "result", "结果", words.TEST_RESULTS, HEALTH),
        ),
        ("subject", "sampled"),
        "laboratories",
        starts="sampled",
    ),
    Table(
        "vaccination",
        Text("a dose of a vaccine", "接种"),
        (
            subject_column(sensitivity=HEALTH),
            key_column("disease", "disease that the vaccine protects from", "预防的疾病", HEALTH),
            Column("date", Kind.DATE, Text("day of the dose", "接种日期"), HEALTH),
        ),
        ("subject", "disease", "date"),
        "vaccination registers",
    ),
    Table(
        "measure",
        Text("an order that a person is under", "管控措施"),
        (
            subject_column(sensitivity=HEALTH),
            word_column("kind", "kind of measure", "措施类型", words.MEASURE_KINDS, HEALTH),
            moment_column("start", "first day, or instant", "开始时间", tense=Tense.MAY_COME),
            moment_column(
                "end",
                "last day, or instant (exclusive)",
                "结束时间",
                may_be_empty=True,
                tense=Tense.MAY_COME,
            ),
        ),
        ("subject", "kind", "start"),
        "health authority",
        starts="start",
        ends="end",
    ),
)
