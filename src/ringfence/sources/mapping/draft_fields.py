"""Which column of an unknown file becomes which field, and which none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringfence.sources.mapping.draft_cells import Cells
from ringfence.sources.mapping.draft_times import settle_times
from ringfence.sources.mapping.roles import Guess


class Fields:
    """`ignored`: what no field reads, in the order in which it was given up."""

    def __init__(self, guesses: Sequence[Guess], cells: Cells) -> None:
        self._order = [column for one in guesses for column in one.columns]
        times = settle_times(guesses, cells)
        told = {column for one in times.fields.values() for column in one.columns}
        told |= {column for one in times.left for column in one.columns}
        self.by_role: dict[str, Guess] = {}
        self._given_up = list(times.left)
        others = [one for one in guesses if one.columns[0] not in told]
        for one in sorted(others, key=lambda one: not one.by_header):
            if one.role == "none" or one.role in self.by_role:
                self._given_up.append(one)
            else:
                self.by_role[one.role] = one
        found = self.by_role | times.fields
        in_order = sorted(found, key=lambda role: self._order.index(found[role].columns[-1]))
        self.by_role = {role: found[role] for role in in_order}
        if {"place", "place_name"} <= self.by_role.keys():
            self._settle_name()

    def _settle_name(self) -> None:
        """Beside a code the name is no key; it is of use where a place is described."""
        if {"lat", "lon"} <= self.by_role.keys():
            named = self.by_role["place_name"]
            self.by_role["place_name"] = replace(named, kind="text", fits=1.0)
        else:
            self._drop("place_name")

    def keep_only(self, used: set[str]) -> None:
        for role in [role for role in self.by_role if role not in used]:
            self._drop(role)

    def _drop(self, role: str) -> None:
        if role in self.by_role:
            self._given_up.append(self.by_role.pop(role))

    @property
    def ignored(self) -> list[str]:
        read = {column for one in self.by_role.values() for column in one.columns}
        given_up = {column for one in self._given_up for column in one.columns} - read
        return [column for column in self._order if column in given_up]

    @property
    def unused_times(self) -> list[Guess]:
        """Of a moment of two columns both were given up, unless another field reads one."""
        ignored = set(self.ignored)
        return [one for one in self._given_up if one.is_time and ignored & set(one.columns)]
