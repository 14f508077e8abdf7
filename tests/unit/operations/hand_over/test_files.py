"""A file of another city: whole, from whom it says, for us, in time; or it has no effect."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ringfence.errors import DataError, NotAllowed, StorageError
from ringfence.lake.home import create_home
from ringfence.operations.hand_over import (
    OwnKeys,
    Refused,
    digest_of,
    key_file,
    open_file,
    own_keys,
    peek,
    read_hand_over,
    read_public,
    read_receipt,
    same_fingerprint,
    write_file,
)

FOLDER = Path(__file__).parents[4] / "docs" / "reference" / "hand-over"
VECTORS: Mapping[str, Any] = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
SCHEMA = Draft202012Validator(json.loads((FOLDER / "content.schema.json").read_text("utf-8")))
AT = datetime(2022, 7, 7, 5, tzinfo=UTC)


def keys_of(city: str) -> OwnKeys:
    told = VECTORS["keys"][city]
    return OwnKeys(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["sign_private"])),
        X25519PrivateKey.from_private_bytes(bytes.fromhex(told["seal_private"])),
    )


OURS, THEIRS = keys_of("4403"), keys_of("0001")
FILE: bytes = VECTORS["hand_over"]["file"].encode()
BACK: bytes = VECTORS["receipt"]["file"].encode()
READS: Mapping[str, Any] = {
    "hand_over": (read_hand_over, OURS, THEIRS, FILE),
    "receipt": (read_receipt, THEIRS, OURS, BACK),
}


@pytest.mark.parametrize("kind", READS)
def test_the_vectors_of_the_reference_are_read_so(kind: str) -> None:
    read, own, sender, file = READS[kind]
    told = VECTORS[kind]
    opened = open_file(file, own=own, sender=sender.public, now=AT + timedelta(hours=2))
    assert opened.content == told["content"]
    assert opened.digest == digest_of(file) == told["sha256"]
    assert read(opened.content).as_json() == told["content"]
    SCHEMA.validate(told["content"])
    again = write_file(opened.header, opened.content, own=sender, receiver=own.public)
    assert again != file
    assert open_file(again, own=own, sender=sender.public, now=AT + timedelta(hours=2)).content


def test_nobody_is_named_in_what_can_be_read() -> None:
    for word in ("王小明", "13800138000", "000101199001011012", "p2", "440303"):
        assert word.encode() not in FILE


@settings(max_examples=300)
@given(bit=st.integers(0, len(FILE) * 8 - 1))
def test_one_bit_changed_is_found(bit: int) -> None:
    changed = bytearray(FILE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refused):
        open_file(bytes(changed), own=OURS, sender=THEIRS.public, now=AT)


@settings(max_examples=200)
@given(content=st.binary(max_size=400))
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        open_file(content, own=OURS, sender=THEIRS.public, now=AT)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"[" * 100_000, "no file of a hand-over"),
        (b'{"ringfence_hand_over":2}', "another format"),
        (b'{"ringfence_hand_over":1}', "altered"),
        (FILE * 2, "no file"),
        (FILE[:-1], "altered"),
        (FILE.replace(b"\n", b"\r\n"), "altered"),
        (FILE.replace(b'"0001"', b'"0002"'), "altered"),
        (b" " * (1024 * 1024 + 1), "1 MB"),
        (b'"ringfence_hand_over"', "no file"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_what_is_wrong_is_said(file: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        open_file(file, own=OURS, sender=THEIRS.public, now=AT)


def test_of_another_key_former_key_other_receiver() -> None:
    with pytest.raises(Refused, match="not known of this city"):
        open_file(FILE, own=OURS, sender=OURS.public, now=AT)
    with pytest.raises(Refused, match="uses no more"):
        former = frozenset({THEIRS.public.sign})
        open_file(FILE, own=OURS, sender=OURS.public, former=former, now=AT)
    with pytest.raises(Refused, match="another key than ours"):
        open_file(FILE, own=THEIRS, sender=THEIRS.public, now=AT)


@pytest.mark.parametrize(
    ("hours", "message"),
    [(-48, "future"), (-2, "future"), (71, "expired"), (72, "expired"), (48 + 72, "expired")],
)
def test_in_time_only(hours: int, message: str) -> None:
    with pytest.raises(Refused, match=message):
        open_file(FILE, own=OURS, sender=THEIRS.public, now=AT + timedelta(hours=hours))
    opened = open_file(FILE, own=OURS, sender=THEIRS.public, now=AT + timedelta(hours=70))
    assert peek(FILE) == opened.header


def _without(told: Any, *path: Any, value: Any = None) -> Any:
    copy = json.loads(json.dumps(told))
    at = copy
    for name in path[:-1]:
        at = at[name]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("disease",), None),
        (("disease",), 7),
        (("case",), "C1"),
        (("people",), []),
        (("people", 0, "ref"), ""),
        (("people", 0, "ref"), "p3"),
        (("people", 0, "identity"), {}),
        (("people", 0, "identity", "photo"), "x"),
        (("people", 0, "identity", "name"), "x" * 301),
        (("people", 0, "identity", "name"), "a\u0000b"),
        (("people", 0, "district"), {"code": "1"}),
        (("people", 0, "exposures"), []),
        (("people", 0, "exposures", 0, "class"), "red"),
        (("people", 0, "exposures", 0, "order"), True),
        (("people", 0, "exposures", 0, "order"), 3),
        (("people", 0, "exposures", 0, "place"), "K"),
        (("people", 0, "exposures", 0, "first"), "yesterday"),
        (("people", 0, "exposures", 0, "release_date"), "soon"),
    ],
    ids=str,
)
def test_a_signed_file_may_still_say_what_cannot_be(path: tuple[Any, ...], value: object) -> None:
    told = _without(VECTORS["hand_over"]["content"], *path, value=value)
    with pytest.raises(Refused, match="its field"):
        read_hand_over(told)
    if path[-1] != "ref" or value == "":  # that references differ, a schema cannot say
        assert not SCHEMA.is_valid(told)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("digest",), "abc"),
        (("of",), None),
        (("people", 0, "answer"), "perhaps"),
        (("people", 0, "reason"), "an accepted one has none"),
        (("people", 1, "reason"), " "),
        (("people", 1, "ref"), "p2"),
    ],
    ids=str,
)
def test_a_receipt_that_cannot_be(path: tuple[Any, ...], value: object) -> None:
    with pytest.raises(Refused, match="its field"):
        read_receipt(_without(VECTORS["receipt"]["content"], *path, value=value))


def test_keys_are_told_as_a_line_and_compared_by_what_is_read_out() -> None:
    for city in VECTORS["keys"].values():
        keys = read_public(f"  {city['line']}\n")
        assert keys.fingerprint == city["fingerprint"]
        assert same_fingerprint(keys, city["fingerprint"].replace(" ", "-"))
        assert not same_fingerprint(keys, city["fingerprint"][:-1])
    for wrong in ("", "ringfence-hand-over-1:ab:cd", city["line"].upper(), city["line"] + "0"):
        with pytest.raises(DataError, match="line of keys"):
            read_public(wrong)


def test_private_keys_lie_off_the_disk_and_are_never_made_anew(tmp_path: Path) -> None:
    home = create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=AT
    )
    made = own_keys(home)
    path = key_file(home)
    assert home.root not in path.parents
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert own_keys(home, may_make=False).public == made.public
    path.chmod(0o644)
    with pytest.raises(NotAllowed):
        own_keys(home)
    path.unlink()
    with pytest.raises(StorageError, match="restore"):
        own_keys(home, may_make=False)
    assert not path.exists()
    path.write_text("nonsense")
    path.chmod(0o600)
    with pytest.raises(DataError, match="no keys"):
        own_keys(home)
