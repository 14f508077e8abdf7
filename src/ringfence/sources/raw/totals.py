"""Where a table ends before its sheet does: unnamed columns, totals, and the lines below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.lake.receipt import Reject
from ringfence.sources.rows import Chunk

_FOOTER_CELLS = 2

AFTER_TOTALS = Text(
    "the row stands below the totals row, where the table has ended",
    "该行位于合计行之后，而表格已在合计行结束",
)


def unnamed(position: int) -> Text:
    return Text(
        f"has a value in column {position}, which the header does not name",
        f"第 {position} 列有值，但表头没有该列的名称",
    )


class Ending:
    """Ends a table at its totals row.

    What stands below it with one or two cells (who made the list, when) is no row; a fuller row
    would be lost without a word, so it is set aside.
    """

    def __init__(self, totals: Sequence[str]) -> None:
        self._totals = frozenset(word.strip() for word in totals)
        self._ended_at: int | None = None
        self._light: dict[int, bool] = {}

    def note_ragged(self, number: int, cells: Sequence[str]) -> None:
        """A row that could not be split: remembered only where it may be a footer."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not self._totals or not filled:
            return
        is_total = filled[0] in self._totals
        if is_total or len(filled) <= _FOOTER_CELLS:
            self._light[number] = is_total

    def cut(self, chunk: Chunk) -> Chunk:
        if not self._totals:
            return chunk
        end = self._end_within(chunk)
        if end is None:
            return chunk
        kept = pc.less(chunk.rows, end)
        late = pc.indices_nonzero(pc.invert(kept)).to_pylist()
        rejects = [r for r in chunk.rejects if r.row < end or r.row not in self._light]
        for index in late:
            if self._filled(chunk, index) > _FOOTER_CELLS and not self._is_total(chunk, index):
                rejects.append(Reject(chunk.rows[index].as_py(), "", AFTER_TOTALS))
        columns = {name: values.filter(kept) for name, values in chunk.columns.items()}
        rejects.sort(key=lambda reject: reject.row)
        return Chunk(columns, chunk.rows.filter(kept), tuple(rejects))

    def _end_within(self, chunk: Chunk) -> int | None:
        if self._ended_at is None:
            found = [number for number, is_total in self._light.items() if is_total]
            found += [
                chunk.rows[index].as_py()
                for index in self._candidates(chunk)
                if self._is_total(chunk, index)
            ]
            last = max(
                [chunk.rows[-1].as_py() if len(chunk.rows) else 0]
                + [reject.row for reject in chunk.rejects]
            )
            self._ended_at = min((n for n in found if n <= last), default=None)
        return self._ended_at

    def _candidates(self, chunk: Chunk) -> list[int]:
        words = pa.array(sorted(self._totals), pa.string())
        hit = None
        for values in chunk.columns.values():
            here = pc.is_in(pc.utf8_trim_whitespace(values), words)
            hit = here if hit is None else pc.or_(hit, here)
        return [] if hit is None else list(pc.indices_nonzero(hit).to_pylist())

    def _is_total(self, chunk: Chunk, index: int) -> bool:
        cells = self._cells(chunk, index)
        return next((cell in self._totals for cell in cells), False)

    def _filled(self, chunk: Chunk, index: int) -> int:
        return sum(1 for _ in self._cells(chunk, index))

    def _cells(self, chunk: Chunk, index: int) -> Iterator[str]:
        for values in chunk.columns.values():
            cell = values[index].as_py()
            if cell and not cell.isspace():
                yield cell.strip()


def named_only(chunk: Chunk, positions: Sequence[tuple[str, int]]) -> Chunk:
    """Leave out columns without a name; a row that has a value there is set aside.

    `positions`: keys under which the chunk holds unnamed columns, and where they stand.
    """
    if not positions:
        return chunk
    gone: dict[int, int] = {}
    for key, position in positions:
        values = chunk.columns[key]
        filled = pc.fill_null(pc.greater(pc.binary_length(values), 0), False)
        for index in pc.indices_nonzero(filled).to_pylist():
            gone.setdefault(index, position)
    hidden = {key for key, _ in positions}
    columns = {key: values for key, values in chunk.columns.items() if key not in hidden}
    if not gone:
        return Chunk(columns, chunk.rows, chunk.rejects)
    kept = pa.array([index not in gone for index in range(len(chunk.rows))])
    found = [Reject(chunk.rows[i].as_py(), "", unnamed(where)) for i, where in gone.items()]
    rejects = tuple(sorted([*chunk.rejects, *found], key=lambda reject: reject.row))
    return Chunk(
        {key: values.filter(kept) for key, values in columns.items()},
        chunk.rows.filter(kept),
        rejects,
    )
