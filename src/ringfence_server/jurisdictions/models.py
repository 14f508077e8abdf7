"""Units of the tree, and the columns by which a row lies in all units above its own."""

from __future__ import annotations

from typing import Any

from django.db import models

from ringfence.records.vocabularies import JURISDICTION_LEVELS

LEVELS = tuple(JURISDICTION_LEVELS)
COLUMNS = LEVELS[1:]
"""A deployment is within one country: no column is needed for it."""


class InLine(models.Model):
    """A row that carries the codes of the units above it, so that a list of any unit is one range
    of an index. They are copies: `jurisdictions.actions` writes them anew when a unit moves.
    """

    province = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    district = models.TextField(blank=True, default="")
    street = models.TextField(blank=True, default="")
    community = models.TextField(blank=True, default="")
    grid = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    @property
    def line(self) -> dict[str, str]:
        return {level: getattr(self, level) for level in COLUMNS}


class Unit(InLine):
    """A node of the tree. `code` as its authority writes it (GB/T 2260 down to the district)."""

    code = models.TextField(primary_key=True)
    level = models.TextField(choices=[(level, level) for level in LEVELS])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(level__in=LEVELS), name="unit_level_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level="country") | models.Q(parent__isnull=False),
                name="unit_below_the_country_has_a_parent",
            ),
        )
        indexes = tuple(
            models.Index(fields=[level, "code"], name=f"unit_{level}") for level in COLUMNS
        )

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_en if language == "en" and self.name_en else self.name_zh


class InUnit(InLine):
    """A row that belongs to one unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        for level, code in self.unit.line.items():
            setattr(self, level, code)
        super().save(*args, **kwargs)
