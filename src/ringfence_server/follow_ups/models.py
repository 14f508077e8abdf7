"""Until when a person is followed, by which rule; and when that date moved."""

from __future__ import annotations

from django.db import models

from ringfence_server.accounts.models import User
from ringfence_server.tasks.models import FollowUp


class Watch(models.Model):
    """Whoever is watched has an open task to release them, and one for each day until then.

    Days are of the home's zone. `since`: the first that is asked about. `release_date`: the first
    on which nothing is measured any more. `rule`: protocol, class and measures, in both languages.
    `samples`: days of tests.
    """

    follow_up = models.OneToOneField(FollowUp, models.PROTECT, related_name="watch")
    since = models.DateField()
    release_date = models.DateField()
    rule = models.JSONField()
    samples = models.JSONField(default=list)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["release_date"], name="watch_release"),)

    def __str__(self) -> str:
        return f"watch of {self.follow_up_id}"


class Moved(models.Model):
    """That a release date moved, because a later list says so. `now` None: nothing is measured."""

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="moves")
    was = models.DateField()
    now = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["watch", "-id"], name="move_of_watch"),)

    def __str__(self) -> str:
        return f"{self.was} to {self.now}"
