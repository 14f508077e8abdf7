"""What an import hands to the vault: statements of identity, and refused rows as they came.

The vault is opened, and made where there is none, by the first thing that has to go there. A dry
run tells it nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.lake import Home, Reject
from ringfence.sources.keys import TEXT_LENGTH
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.sources.typed import is_text
from ringfence.vault import Staging, Statement, Vault, has_vault, open_vault
from ringfence.vault.pseudonyms import pseudonyms

_REMEMBERED = 400_000
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Batch:
    batch: str
    source: str
    now: datetime
    dry_run: bool


class ToVault:
    """One import's way to the vault; `told` counts its statements.

    Leave its block only after the lake has acknowledged: what is not acknowledged by then goes.
    """

    def __init__(self, home: Home, batch: Batch) -> None:
        self._home = home
        self._batch = batch
        self._opened = ExitStack()
        self._vault: Vault | None = None
        self._staging: Staging | None = None
        self.told = 0

    def __enter__(self) -> ToVault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._opened.__exit__(kind, fault, trace)

    def pseudonyms(self) -> Callable[[str, Sequence[str]], list[str]]:
        """Kind and values → the subject numbers by which this source's people are known."""
        if self._batch.dry_run and not has_vault(self._home):
            made = partial(pseudonyms, secrets.token_bytes(32), self._batch.source)
        else:
            made = partial(self._open().pseudonyms, self._batch.source)
        return _Known(made).pseudonyms

    def write(self, statements: Iterable[Statement]) -> None:
        made = [statement for statement in statements if statement.fields]
        self.told += len(made)
        if made and not self._batch.dry_run:
            self._stage().write(made)

    def keep(
        self, columns: Mapping[str, pa.Array], rows: pa.Int64Array, rejects: Iterable[Reject]
    ) -> None:
        """The cells of refused rows; a row that was not split into cells has none."""
        if self._batch.dry_run:
            return
        refused = pa.array(sorted({reject.row for reject in rejects}), pa.int64())
        places = pc.indices_nonzero(pc.is_in(rows, value_set=refused))
        if len(places):
            self._stage().keep_rejects(_as_they_came(columns, rows, places))

    def ready(self) -> None:
        """All of it durable: what is left is the lake's acknowledgement."""
        if self._staging is not None:
            self._staging.ready()

    def _open(self) -> Vault:
        if self._vault is None:
            create = not self._batch.dry_run
            self._vault = self._opened.enter_context(open_vault(self._home, create=create))
        return self._vault

    def _stage(self) -> Staging:
        if self._staging is None:
            batch = self._batch
            self._staging = self._opened.enter_context(
                self._open().stage(batch.batch, batch.source, batch.now, lookup_forms)
            )
        return self._staging


def statements(
    subjects: pa.Array, rows: pa.Int64Array, fields: Mapping[str, pa.StringArray]
) -> Iterator[Statement]:
    """What each row says of its subject; what is empty is not said."""
    columns = [values.to_pylist() for values in fields.values()]
    for subject, row, *values in zip(subjects.to_pylist(), rows.to_pylist(), *columns, strict=True):
        said = zip(fields, values, strict=True)
        yield Statement(subject, row, {name: value for name, value in said if value})


class _Known:
    """Pseudonyms of values that come again and again are made once, within bounds."""

    def __init__(self, made: Callable[[str, Sequence[str]], list[str]]) -> None:
        self._made = made
        self._by_kind: dict[str, dict[str, str]] = {}

    def pseudonyms(self, kind: str, values: Sequence[str]) -> list[str]:
        known = self._by_kind.setdefault(kind, {})
        new = [value for value in values if value not in known]
        known.update(zip(new, self._made(kind, new), strict=True))
        found = [known[value] for value in values]
        if len(known) > _REMEMBERED:
            known.clear()
        return found


def _as_they_came(
    columns: Mapping[str, pa.Array], rows: pa.Int64Array, places: pa.Array
) -> Iterator[tuple[int, str]]:
    names = list(columns)
    for start in range(0, len(places), _ROWS_AT_ONCE):
        some = places.slice(start, _ROWS_AT_ONCE)
        cells = [_shortened(columns[name].take(some)).to_pylist() for name in names]
        for number, *values in zip(rows.take(some).to_pylist(), *cells, strict=True):
            told = {name: _cell(value) for name, value in zip(names, values, strict=True)}
            yield number, json.dumps({n: v for n, v in told.items() if v}, ensure_ascii=False)


def _shortened(values: pa.Array) -> pa.Array:
    """What is longer than any column takes stays too long, and costs no memory."""
    if pa.types.is_dictionary(values.type):
        return _shortened(values.dictionary).take(values.indices)
    if is_text(values.type):
        return pc.utf8_slice_codeunits(values.cast(pa.large_string()), 0, TEXT_LENGTH + 1)
    return values


def _cell(value: object) -> str | None:
    """Columns of a Parquet file may have other types than text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
