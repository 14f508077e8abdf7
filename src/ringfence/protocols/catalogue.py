"""Which protocols there are, and which of them is in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import ringfence
from ringfence.errors import DataError, NotFound, StorageError, Text
from ringfence.protocols.faults import offered
from ringfence.protocols.model import Protocol
from ringfence.protocols.reading import ProtocolFile, read_file

_ENDINGS = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The protocols of this release: inside the installed package, or in the checkout."""
    package = Path(ringfence.__file__).resolve().parent
    places = (package / "shipped" / "protocols", package.parents[1] / "protocols")
    for place in places:
        if place.is_dir():
            return place
    raise StorageError(
        "the protocols that come with ringfence are missing; install it again",
        "缺少随软件提供的防控方案；请重新安装",
    )


def load_all(extra_folder: Path | None = None) -> tuple[ProtocolFile, ...]:
    """The shipped protocols and those of `extra_folder`, by id and version."""
    paths = _files(shipped_folder())
    if extra_folder is not None and extra_folder.is_dir():
        paths += _files(extra_folder)
    found: dict[tuple[str, int], ProtocolFile] = {}
    for path in paths:
        file = read_file(path)
        key = (file.protocol.id, file.protocol.version)
        if key in found and found[key].protocol.digest != file.protocol.digest:
            raise DataError(
                f"{path}: {label(file.protocol)} is already in {found[key].path}; "
                "give one of them another version",
                f"{path}：{label(file.protocol)} 已存在于 {found[key].path}；请改用其他版本号",
            )
        found.setdefault(key, file)
    return tuple(found[key] for key in sorted(found))


def named(name: str, extra_folder: Path | None = None) -> ProtocolFile:
    """The protocol called `id` (its latest version), `id@version`, or the one in a file."""
    if names_a_file(name):
        return read_file(Path(name))
    files = load_all(extra_folder)
    wanted, at, version = name.partition("@")
    of_id = [file for file in files if file.protocol.id == wanted]
    if at:
        of_id = [file for file in of_id if str(file.protocol.version) == version]
    if not of_id:
        names = [label(f.protocol) if at else f.protocol.id for f in files]
        exist = offered(name, list(dict.fromkeys(names)))
        raise NotFound(
            f"there is no protocol of that name; there are: {exist.en}",
            f"没有该名称的防控方案；现有：{exist.zh}",
        )
    return max(of_id, key=lambda file: _recency(file.protocol))


def names_a_file(name: str) -> bool:
    """Rather than a protocol of the catalogue: whoever asks through a server may not read files."""
    return name.endswith(_ENDINGS) or "/" in name


def in_force(
    protocols: Iterable[Protocol], disease: str, jurisdiction_chain: Sequence[str], on: date
) -> Protocol:
    """The protocol of the most specific jurisdiction that has one for the disease on that day."""
    of_disease = [protocol for protocol in protocols if protocol.disease == disease]
    for jurisdiction in jurisdiction_chain:
        valid = [p for p in of_disease if p.jurisdiction == jurisdiction and is_valid(p, on)]
        if valid:
            return max(valid, key=_recency)
    chain = " < ".join(jurisdiction_chain)
    candidates = _candidates(of_disease)
    raise NotFound(
        f"no protocol for this disease is in force in {chain} on {on}; {candidates.en}",
        f"{on} 在 {chain} 没有该病种的有效防控方案；{candidates.zh}",
    )


def is_valid(protocol: Protocol, on: date) -> bool:
    return protocol.valid_from <= on and (protocol.valid_to is None or on < protocol.valid_to)


def label(protocol: Protocol) -> str:
    return f"{protocol.id}@{protocol.version}"


def _recency(protocol: Protocol) -> tuple[date, int, str]:
    return (protocol.valid_from, protocol.version, protocol.id)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS)


def _candidates(protocols: Sequence[Protocol]) -> Text:
    if not protocols:
        return Text("none exists for it at all", "该病种尚无任何防控方案")
    told = [
        f"{label(p)} ({p.jurisdiction}, {p.valid_from} – {p.valid_to or '…'})" for p in protocols
    ]
    return Text(
        f"name one with --protocol: {', '.join(told)}", f"可用 --protocol 指定：{'、'.join(told)}"
    )
