"""Another city, with keys of its own: what it sends, and what it can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.server.cases.town import DAY, Town, token
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence.operations.hand_over import (
    HAND_OVER,
    RECEIPT,
    Answer,
    Exposure,
    Header,
    Opened,
    OwnKeys,
    Person,
    Receipt,
    open_file,
    write_file,
)
from ringfence.operations.hand_over import HandOver as Content
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.models import HandOver, Partner
from ringfence_server.hand_overs.partners import keys_here

OURS = "0001"
LI = {"name": "李四", "phone": "13700137000"}


@dataclass(frozen=True, repr=False)
class City:
    keys: OwnKeys
    partner: Partner
    code: str = "4403"

    def opens(self, home: Home, file: bytes, at: datetime = NOON) -> Opened:
        return open_file(file, own=self.keys, sender=keys_here(home).public, now=at)

    def answers(
        self,
        home: Home,
        opened: Opened,
        answers: dict[str, str],
        *,
        at: datetime = NOON,
        digest: str = "",
        number: str = "",
    ) -> bytes:
        """A receipt. `answers`: by reference, empty where accepted, else why not."""
        people = tuple(
            Answer(ref, "refused" if why else "accepted", why) for ref, why in answers.items()
        )
        number = number or opened.header.number
        content = Receipt(number, digest or opened.digest, people).as_json()
        return self._writes(home, RECEIPT, number, content, at=at, valid=7 * DAY)

    def gives(
        self,
        home: Home,
        people: dict[str, dict[str, str]],
        *,
        number: str = "4403-1",
        at: datetime = NOON,
        disease: str = "covid-19",
        to: str = OURS,
    ) -> bytes:
        exposed = (Exposure("close", 1, "covid-cn-9@1", ("table",), at - DAY, at, None),)
        told = tuple(Person(ref, identity, None, exposed) for ref, identity in people.items())
        content = Content(disease, told).as_json()
        return self._writes(home, HAND_OVER, number, content, at=at, valid=3 * DAY, to=to)

    def _writes(
        self,
        home: Home,
        kind: str,
        number: str,
        content: dict[str, object],
        *,
        at: datetime,
        valid: timedelta,
        to: str = OURS,
    ) -> bytes:
        header = Header(kind, number, self.code, to, at, at + valid)
        return write_file(header, content, own=self.keys, receiver=keys_here(home).public)


def keys_of(seed: int) -> OwnKeys:
    return OwnKeys(
        Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32),
        X25519PrivateKey.from_private_bytes(bytes([seed + 1]) * 32),
    )


def known(home: Home, town: Town, seed: int = 5, code: str = "4403") -> City:
    """Entered by one administrator, confirmed by another."""
    first, second = (town.staff(f"admin-{n}", "administrator", "0001") for n in (1, 2))
    keys = keys_of(seed)
    made = actions.enter(
        home=home,
        unit=town.unit(OURS),
        code=code,
        name_zh="深圳市",
        name_en="Shenzhen",
        line=keys.public.line,
        by=first,
        at=NOON - DAY,
    )
    heard = keys.public.fingerprint
    done = actions.confirm(partner=made.pk, fingerprint=heard, by=second, at=NOON - DAY)
    return City(keys, done, code)


def gives(
    home: Home,
    case: Case,
    city: City,
    by: Acting,
    refs: tuple[str, ...] = ("p2", "p3"),
    *,
    form: str | None = None,
    at: datetime = NOON,
) -> HandOver:
    to = f"city-{city.partner.pk}"
    seen = actions.preview(home=home, case=case.pk, to=to, refs=refs, by=by, at=at)
    return actions.send(
        home=home,
        case=case.pk,
        to=to,
        refs=refs,
        digest=seen.digest,
        token=form or token(),
        by=by,
        at=at,
    )
