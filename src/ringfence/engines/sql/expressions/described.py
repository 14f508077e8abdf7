"""What sources tell of places and persons, made one: contradictions are unknown."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns
from ringfence.engines.sql.expressions import schemas
from ringfence.engines.sql.rules import VENTILATION_BITS


def place_facts() -> ir.Table:
    """PLACE_FACTS of the places looked up. Of two kinds, the first source's is taken."""
    settings = schemas.relation("kind_setting", columns.KIND_SETTING)
    told = schemas.looked_up("place", "place")
    known = told.group_by("place").agg(
        kind=told.kind.argmin(told.source), ventilation=_agreed(told.ventilation)
    )
    bit = known.ventilation.cases(*VENTILATION_BITS.items(), else_=None).cast("int64")
    told = known.mutate(ventilation_bit=bit).join(settings, "kind")
    return told.select(*columns.PLACE_FACTS)


def subject_roles() -> ir.Table:
    """Subject and `subject_role` of the persons looked up."""
    told = schemas.looked_up("subject", "subject")
    return told.group_by("subject").agg(subject_role=_agreed(told.role))


def vaccinations() -> ir.Table:
    """Days of distinct doses of the persons looked up."""
    disease = schemas.relation("wanted_disease", columns.DISEASE)
    told = schemas.looked_up("vaccination", "subject")
    return told.semi_join(disease, "disease").select("subject", "date").distinct()


def denied_stays() -> ir.Table:
    """DENIED: the stays that somebody denied, of the persons looked up."""
    clock = schemas.relation("clock", columns.CLOCK)
    told = schemas.looked_up("presence", "subject")
    told = told.filter(told.certainty == "denied").cross_join(clock)
    end = ibis.least(ibis.coalesce(told.end, told.as_of), told.as_of)
    return told.select("subject", "place", "start", end=end)


def _agreed(word: ir.StringColumn) -> ir.StringScalar:
    return ibis.ifelse(word.nunique() == 1, word.min(), ibis.null("string"))
