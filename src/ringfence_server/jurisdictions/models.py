"""Units of the tree, and the columns by which a row lies in all units above its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models, transaction

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


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class InUnitRows(models.QuerySet[_Row_co]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        with transaction.atomic(using=self.db):
            place(rows)
            return super().bulk_create(rows, *args, **kwargs)

    def update(self, **values: Any) -> int:
        if not values.keys().isdisjoint({"unit", "unit_id"}):
            raise TypeError("a row goes to another unit by save(), which writes its line too")
        return super().update(**values)


class InUnit(InLine):
    """A row that belongs to one unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(InUnitRows)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        written = kwargs.get("update_fields")
        if written is not None and "unit" not in written:
            super().save(*args, **kwargs)
            return
        if written is not None:
            kwargs["update_fields"] = {*written, *COLUMNS}
        with transaction.atomic():
            place([self])
            super().save(*args, **kwargs)


def place(rows: Iterable[InUnit]) -> None:
    """Write the line of each row's unit into it. The units are held until the transaction ends: one
    that is being moved is waited for, and no row is left behind with the line of before.
    """
    rows = list(rows)
    held = Unit.objects.raw(
        "SELECT * FROM jurisdictions_unit WHERE code = ANY(%s) ORDER BY code FOR SHARE",
        [list({row.unit_id for row in rows})],
    )
    lines = {unit.code: unit.line for unit in held}
    for row in rows:
        for level, code in lines.get(row.unit_id, {}).items():
            setattr(row, level, code)
