"""Hand-overs out and in, and the cities that they go to and come from. No row names a person: what
names one is sealed, to the other city or under the deployment's secret.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from ringfence.operations.hand_over import PublicKeys
from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.hand_overs.words import ANSWERS, PARTNER_STATES, STATES
from ringfence_server.jurisdictions.models import InUnit, Unit
from ringfence_server.tasks.models import FollowUp


def _one_of(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Partner(InUnit):
    """Another city with its public keys, as somebody entered them and somebody else confirmed.
    `unit`: ours, which the other city knows by its code. Other keys are another row.
    """

    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")
    sign_key = models.BinaryField()
    seal_key = models.BinaryField()
    state = models.TextField(choices=_one_of(PARTNER_STATES), default="entered")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "code"], condition=Q(state="confirmed"), name="one_key_of_a_city"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=models.F("entered_by"))),
                name="confirmed_by_somebody_else",
            ),
        )

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_en if language == "en" and self.name_en else self.name_zh

    @property
    def keys(self) -> PublicKeys:
        return PublicKeys(bytes(self.sign_key), bytes(self.seal_key))


class HandOver(InUnit):
    """Contacts of one case given to another city (`partner`) or to another unit (`to_unit`).

    `unit`: the case's, responsible until the others say that they have them. `file`: as it went
    out, for another city; only that city can open it. `digest`: of the file.
    """

    number = models.TextField(unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    state = models.TextField(choices=_one_of(STATES), default="waiting")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    file = models.BinaryField(null=True)
    digest = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(partner__isnull=False, to_unit__isnull=True)
                | Q(partner__isnull=True, to_unit__isnull=False),
                name="to_a_city_or_a_unit",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="hand_over_waiting"),
        )

    def __str__(self) -> str:
        return self.number


class Handed(models.Model):
    """Somebody in a hand-over. `ref`: our pseudonym. `answer` empty: none yet."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="people")
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="+")
    ref = models.TextField()
    answer = models.TextField(blank=True, default="", choices=_one_of(ANSWERS))
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hand_over", "ref"], name="handed_once"),
            models.UniqueConstraint(
                fields=["follow_up"], condition=Q(answer=""), name="one_hand_over_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} in {self.hand_over_id}"


class Received(InUnit):
    """A file of another city, once it was read. `sealed`: what it says, under the deployment's
    secret, until it is answered; then nothing. `receipt`: the file that answers it.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    sender = models.TextField()
    number = models.TextField()
    digest = models.TextField()
    sealed = models.BinaryField(null=True)
    disease = models.TextField()
    state = models.TextField(choices=_one_of(STATES), default="waiting")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    receipt = models.BinaryField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sender", "number"], name="received_once"),)
        indexes = (
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="received_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.sender} {self.number}"


class ReceivedPerson(models.Model):
    """Somebody of whom another city told. `follow_up`: ours, where the person was accepted."""

    received = models.ForeignKey(Received, models.PROTECT, related_name="people")
    ref = models.TextField()
    answer = models.TextField(blank=True, default="", choices=_one_of(ANSWERS))
    reason = models.TextField(blank=True, default="")
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["received", "ref"], name="received_person_once"),
        )

    def __str__(self) -> str:
        return f"{self.ref} in {self.received_id}"
