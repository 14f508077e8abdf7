"""Who a token acts for, and what it may do."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from ringfence.errors import Text
from ringfence_server.access import acting_in, signed_in
from ringfence_server.api.models import Token
from ringfence_server.api.operations import reads
from ringfence_server.api.shapes import Instant, Told, Words, words

router = Router(tags=["me"])


class RoleTold(Told):
    role: Words
    unit: str
    rights: list[str]


class TokenTold(Told):
    id: int
    until: Instant


class Me(Told):
    """`rights`: those of the account that the token carries."""

    account: str
    unit: str
    roles: list[RoleTold]
    rights: list[str]
    token: TokenTold


@reads(router, "/me", Text("Whose token this is", "令牌所属账户"), answers=Me)
@signed_in
def me(request: HttpRequest) -> Me:
    by = acting_in(request)
    token: Token = request.token  # type: ignore[attr-defined]
    return Me(
        account=by.user.username,
        unit=by.user.unit_id,
        roles=[
            RoleTold(
                role=words(grant.role.key, grant.role.name),
                unit=grant.unit.code,
                rights=sorted(grant.role.rights),
            )
            for grant in by.grants
        ],
        rights=sorted(by.rights),
        token=TokenTold(id=token.pk, until=token.until),
    )
