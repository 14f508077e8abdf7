"""What sources tell of places and persons, made one: contradictions are unknown."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql.expressions import schemas


def place_facts() -> ir.Table:
    """PLACE_FACTS of the places in `wanted_place`. Of two kinds, the first source's is taken."""
    wanted = schemas.relation("wanted_place", {"place": "string"})
    settings = schemas.relation("kind_setting", {"kind": "string", "setting": "string"})
    told = schemas.lake_table("place", "first").semi_join(wanted, "place")
    known = told.group_by("place").agg(
        kind=told.kind.argmin(told.source), ventilation=_agreed(told.ventilation)
    )
    return known.join(settings, "kind").select("place", "kind", "setting", "ventilation")


def subject_roles() -> ir.Table:
    """SUBJECT_ROLE of the persons in `wanted_subject`."""
    wanted = schemas.relation("wanted_subject", {"subject": "string"})
    told = schemas.lake_table("subject", "first").semi_join(wanted, "subject")
    return told.group_by("subject").agg(subject_role=_agreed(told.role))


def vaccinations() -> ir.Table:
    """Days of distinct doses of the persons in `wanted_subject`."""
    wanted = schemas.relation("wanted_subject", {"subject": "string"})
    disease = schemas.relation("wanted_disease", {"disease": "string"})
    told = schemas.lake_table("vaccination", "first").semi_join(wanted, "subject")
    return told.semi_join(disease, "disease").select("subject", "date").distinct()


def subjects_with_denials() -> ir.Table:
    """Persons of whom any version of a record was ever denied."""
    told = schemas.lake_table("presence", "first")
    return told.filter(told.certainty == "denied").select("subject").distinct()


def denied_stays() -> ir.Table:
    """DENIED: the stays that somebody denied."""
    clock = schemas.relation("clock", schemas.CLOCK)
    told = schemas.lake_table("presence", "first")
    told = told.filter(told.certainty == "denied").cross_join(clock)
    start = told.start.epoch_seconds().cast("int64")
    end = told.end.epoch_seconds().cast("int64")
    return told.select(
        "subject",
        "place",
        start=start,
        end=ibis.least(ibis.coalesce(end, told.as_of), told.as_of),
    )


def _agreed(word: ir.StringColumn) -> ir.StringScalar:
    return ibis.ifelse(word.nunique() == 1, word.min(), ibis.null("string"))
