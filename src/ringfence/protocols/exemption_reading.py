"""One exemption of a rule → model.Exemption."""

from __future__ import annotations

from ringfence.protocols import quantities as q
from ringfence.protocols.fields import Value, one_of, several
from ringfence.protocols.model import Exemption
from ringfence.records.vocabularies import ROLES

EXEMPTION_FIELDS = ("id", "masks", "ppe", "doses", "roles", "indoor", "apart")


def exemption(value: Value) -> Exemption:
    section = value.section(*EXEMPTION_FIELDS)
    if not set(section.names) - {"id"}:
        raise value.refused(
            "an exemption states at least one of: masks, ppe, doses, roles, indoor, apart",
            "豁免条件至少应有一项：masks、ppe、doses、roles、indoor、apart",
        )
    return Exemption(
        id=section.need("id", q.name, ""),
        masks=section.get("masks", one_of(("both", "either"), "who wore a mask", "佩戴者"), None),
        ppe=section.get("ppe", _true, False),
        doses=section.get("doses", q.whole(1, 9), None),
        roles=section.get("roles", several(one_of(tuple(ROLES), "a role", "身份")), ()),
        indoor=section.get("indoor", q.truth, None),
        apart_m=section.get("apart", q.distance, None),
    )


def _true(value: Value) -> bool:
    if not q.truth(value):
        raise value.refused("write true, or leave ppe out", "应为 true，或省略 ppe")
    return True
