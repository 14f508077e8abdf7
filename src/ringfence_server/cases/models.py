"""A case and what hangs on it. No row names a person: who a subject is, the vault knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from ringfence.records.vocabularies import CLASSIFICATIONS, PRECISIONS, TEST_RESULTS
from ringfence_server.accounts.models import User
from ringfence_server.cases.words import CHANGES, MAY_BE_TRACED, OPEN, SIGNS_AS, STATES
from ringfence_server.jurisdictions.models import COLUMNS, InUnit, Unit


def _one_of(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


_PRECISION: dict[str, Any] = {"choices": _one_of(PRECISIONS), "blank": True, "default": ""}


class Case(InUnit):
    """`unit`: where the person is; `owner`: whose case it is. `listed_at`: report, or else entry:
    lists are in its order. `by` None: another channel brought it. `round`: signatures of an earlier
    one count no more. `place_unknown`: no channel said which unit it belongs to. `twin`: another
    open case of this person and disease came through another channel.
    """

    number = models.TextField(unique=True)
    disease = models.TextField()
    subject = models.TextField()
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    classification = models.TextField(choices=_one_of(CLASSIFICATIONS))
    symptomatic = models.BooleanField(null=True)
    onset_at = models.DateTimeField(null=True)
    onset_precision = models.TextField(**_PRECISION)
    sampled_at = models.DateTimeField(null=True)
    sampled_precision = models.TextField(**_PRECISION)
    reported_at = models.DateTimeField(null=True)
    reported_precision = models.TextField(**_PRECISION)
    isolated_at = models.DateTimeField(null=True)
    isolated_precision = models.TextField(**_PRECISION)
    state = models.TextField(choices=_one_of(STATES))
    provisional_until = models.DateTimeField(null=True)
    round = models.PositiveIntegerField(default=1)
    listed_at = models.DateTimeField()
    place_unknown = models.BooleanField(default=False)
    twin = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["disease", "subject"],
                condition=Q(state__in=OPEN, twin=False),
                name="one_open_case_of_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="provisional") | Q(provisional_until__isnull=False),
                name="provisional_until_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["-listed_at", "-id"], name="case_listed"),
            *(
                models.Index(fields=[level, "-listed_at", "-id"], name=f"case_{level}")
                for level in COLUMNS
            ),
            models.Index(fields=["subject"], name="case_subject"),
            models.Index(
                fields=["provisional_until"],
                condition=Q(state="provisional"),
                name="case_provisional",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def may_be_traced(self) -> bool:
        return self.state in MAY_BE_TRACED


class CaseChange(models.Model):
    """A state of a case that ended, and why. `before` and `after` hold words, never a person."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="changes")
    kind = models.TextField(choices=_one_of(CHANGES))
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class CaseVersion(models.Model):
    """The investigation form as it was saved once. `sealed`: people write names everywhere."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="one_version_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} version {self.number}"


class LaboratoryResult(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="results")
    sampled_at = models.DateTimeField()
    sampled_precision = models.TextField(choices=_one_of(PRECISIONS))
    result = models.TextField(choices=_one_of(TEST_RESULTS))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "sampled_at"], name="one_result_of_a_sample"),
        )

    def __str__(self) -> str:
        return f"{self.result} {self.case_id}"


class Signature(models.Model):
    """For the tracing of a suspected case: one as clinician, one as supervisor, two accounts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    round = models.PositiveIntegerField()
    role = models.TextField(choices=_one_of(SIGNS_AS))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "round", "role"], name="one_signature_of_a_role"
            ),
            models.UniqueConstraint(
                fields=["case", "round", "by"], name="one_signature_of_an_account"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.case_id}"


class Cluster(InUnit):
    """Cases that one team works on together."""

    name = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = tuple(
            models.Index(fields=[level, "-at"], name=f"cluster_{level}") for level in COLUMNS
        )

    def __str__(self) -> str:
        return str(self.pk)


class ClusterCase(models.Model):
    """That a case belongs to a cluster, for [since, until)."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships")
    case = models.ForeignKey(Case, models.PROTECT, related_name="memberships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(until__isnull=True), name="in_one_cluster_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} in {self.cluster_id}"


class Assignment(models.Model):
    """A case or a cluster is an account's or a unit's to work on, for [since, until)."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="assignments")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="assignments")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(case__isnull=False, cluster__isnull=True)
                | Q(case__isnull=True, cluster__isnull=False),
                name="assigns_a_case_or_a_cluster",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False, team__isnull=True)
                | Q(account__isnull=True, team__isnull=False),
                name="assigned_to_an_account_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["case", "cluster", "account", "team"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="assigned_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id or self.cluster_id} to {self.account_id or self.team_id}"


class Submission(models.Model):
    """A form that was sent: sent again, it has the same answer and no second effect."""

    token = models.TextField(unique=True)
    digest = models.TextField()
    answer = models.JSONField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.token


class TakenUpTo(models.Model):
    """How far the lake's cases were taken into this database."""

    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.sequence)
