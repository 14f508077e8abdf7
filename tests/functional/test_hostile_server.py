"""What answers need not be a server of ours: whatever it says, a clear error, and no traceback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ringfence.cli.api import asking
from ringfence.cli.api.address import read_address
from ringfence.cli.api.logins import Login, keep_login, kept_login, login_file, token_for
from ringfence.cli.main import main
from ringfence.errors import DataError, NotAllowed, UsageError

TOKEN = "rf_" + "t" * 43
FILE = "place,kind,name\nK,ktv,K\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(asking, "_PAUSES", (0.0,))
    monkeypatch.setattr(asking, "_LONGEST_PAUSE", 0.0)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("RINGFENCE_TOKEN", TOKEN)
    monkeypatch.delenv("RINGFENCE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "place.csv").write_text(FILE, encoding="utf-8")


def answer(body: bytes, status: str = "200 OK", kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@contextmanager
def server(says: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what it was sent."""
    heard: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                with caller, suppress(OSError):
                    caller.settimeout(5)
                    heard.append(caller.recv(1 << 16))
                    says(caller)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard


def tried(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    says: Callable[[socket.socket], None],
    *words: str,
) -> tuple[int, str]:
    with server(says) as (address, _):
        monkeypatch.setenv("RINGFENCE_API", address)
        code = main([*(words or ("trace", "C1")), "--lang", "en"])
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert TOKEN not in told.out + told.err
    assert "\x1b" not in told.out + told.err
    return code, told.err


def once(content: bytes) -> Callable[[socket.socket], None]:
    return lambda caller: caller.sendall(content)


def told_json(content: Any) -> bytes:
    return answer(json.dumps(content).encode())


def a_trace(**given: Any) -> bytes:
    return told_json({"id": 1, "state": "done", "fault": None, "trace": {}, **given})


PASSENGERS = ("passengers", "D1", "2022-07-05", "--case", "C1")
A_LIST: dict[str, Any] = {
    "case": "C1\x1b[2J",
    "subject": "p1",
    "run": {"keys": ["S"], "kind": None, "date": None, "numbers": ["D1\x1b"], "stops": []},
    "layout": None,
    "protocol": None,
    "rules": [],
    "as_of": "2022-07-07T04:00:00+00:00",
    "zone": "Asia/Shanghai",
    "warnings": [["\x1b]0;owned\x07", "\x1b"]],
    "mine": [],
    "people": [],
    "aboard": 0,
    "onward": None,
}
TRAJECTORY = ("trajectory", "C1")
MOVED: dict[str, Any] = {
    "as_of": "2022-07-07T04:00:00+00:00",
    "zone": "Asia/Shanghai",
    "synthetic": True,
    "case": {"case": "C\x1b[2J", "disease": "\x07", "classification": "confirmed", "events": {}},
    "protocol": None,
    "warnings": [["\x1b]0;owned\x07", "\x1b"]],
    "person": ["p1", 1_656_000_000, 1_657_000_000, None],
    "episodes": [[["place", "K\x1b"], [1_656_000_000] * 4, [0], "weak"]],
    "set_aside": [],
    "conflicts": [],
    "gaps": [],
    "questions": [],
    "rides": [],
    "facts": [],
    "sites": [["K\x1b", "ktv", "\x1b[2J", 31.0, 120.0, 0.0]],
    "runs": {},
    "count": 1,
    "sources": ["\x1b"],
    "rows": [
        ["event", "x\x1b", ["place", "K\x1b"], 1_656_000_000, 1_656_000_000, "recorded", "b", 2,
         "scan", None, 0, None]
    ],
    "files": {"b": "f\x1b.csv"},
}  # fmt: skip
ENDLESS = {"id": "x", "cabins": [{"title": ["", ""], "carriages": [], "rows": [1, 10**12]}]}
NONSENSE = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "a page": answer(b"<html>sign in</html>", kind="text/html"),
    "no JSON": answer(b"{"),
    "no UTF-8": answer(b'{"id": "\xff\xfe"}'),
    "nested": answer(b"[" * 100_000),
    "a number": answer(b"7"),
    "a huge number": answer(b'{"id": ' + b"9" * 10_000 + b', "state": "done"}'),
    "NaN": answer(b'{"id": NaN, "state": "waiting"}'),
    "null": answer(b"null"),
    "a list": answer(b"[]"),
    "no state": told_json({"id": 1}),
    "another state": told_json({"id": 1, "state": "purring"}),
    "a state for terminals": told_json({"id": 1, "state": "\x1b[2Jdone\x07"}),
    "an id that is none": told_json({"id": "1/../../x", "state": "waiting"}),
    "an empty trace": a_trace(),
    "a trace of nothing": a_trace(trace={"document": None, "zh": None, "shown": None}),
    "a failure without words": a_trace(state="failed"),
    "a list of nobody": told_json({"passengers": {}}),
    "a list of endless rows": told_json({"passengers": {**A_LIST, "layout": ENDLESS}}),
    "movements of nobody": told_json({"movements": {}}),
    "movements of a thousand years": told_json(
        {"movements": {**MOVED, "person": ["p", 0, 10**11, None]}}
    ),
    "movements after the last year": told_json(
        {"movements": {**MOVED, "person": ["p", 10**15, 10**15 + 9, None]}}
    ),
    "rows that are not there": told_json({"movements": {**MOVED, "facts": [7]}}),
    "a place at infinity": told_json(
        {"movements": {**MOVED, "sites": [["K", "ktv", "", 1e999, 0, 0]]}}
    ),
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    "a cut answer": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
    "cut chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "wrong chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{",
    "a page for a fault": answer(b"<html>", "502 Bad Gateway", "text/html"),
    "a problem for terminals": answer(
        json.dumps({"detail": "\x1b]0;owned\x07no", "faults": [1, {"at": 2}]}).encode(),
        "400 Bad Request",
        "application/problem+json",
    ),
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_clear_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    content: bytes,
) -> None:
    for words in (
        ("trace", "C1"),
        ("import", "place.csv", "--as", "place"),
        PASSENGERS,
        (*TRAJECTORY, "--html", str(tmp_path / "page.html")),
        ("requests", "list"),
        ("lists", "list"),
        ("lists", "persons", "L1"),
        ("lists", "answer", "L1", "--output", "answer.csv"),
        ("requests", "withdraw", "R1", "--reason", "found elsewhere"),
    ):
        code, err = tried(monkeypatch, capsys, once(content), *words)
        assert code in (10, 13), err
        assert err.startswith("ringfence: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [({"passengers": A_LIST}, PASSENGERS), ({"movements": MOVED}, TRAJECTORY)],
    ids=["passengers", "movements"],
)
def test_what_is_brought_back_says_nothing_to_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: dict[str, Any],
    words: tuple[str, ...],
) -> None:
    assert tried(monkeypatch, capsys, once(told_json(content)), *words)[0] == 0


def test_a_huge_answer_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = []

    def says(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(64):
            caller.sendall(b" " * (1 << 20))
            sent.append(1)

    assert tried(monkeypatch, capsys, says)[0] == 10
    assert len(sent) < 32


def test_an_answer_that_drips_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "_WHOLE_SECONDS", 0.5)

    def says(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            caller.sendall(b" ")
            threading.Event().wait(0.02)

    code, err = tried(monkeypatch, capsys, says)
    assert code == 13
    assert "in time" in err


def _waits(_: socket.socket) -> None:
    threading.Event().wait(1)


def test_a_server_that_says_nothing_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "_SILENT_SECONDS", 0.2)
    code, err = tried(monkeypatch, capsys, _waits)
    assert code == 13
    assert "in time" in err


def test_a_token_follows_nobody_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(once(answer(b"{}"))) as (elsewhere, heard):
        moved = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n"
        code, err = tried(monkeypatch, capsys, once(moved.encode()))
        assert code == 12
        assert "sends its callers elsewhere" in err
        assert heard == []


def test_a_token_is_for_the_address_that_it_was_given_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder that names another server gets nothing of it."""
    ours, theirs = read_address("https://ours.example"), read_address("https://theirs.example")
    environment = {"RINGFENCE_TOKEN": TOKEN}
    with pytest.raises(NotAllowed):
        token_for(theirs, environment)
    environment["RINGFENCE_API"] = "https://ours.example/"
    assert token_for(ours, environment) == TOKEN
    with pytest.raises(NotAllowed):
        token_for(theirs, environment)
    keep_login(Login(ours, TOKEN, "analyst"))
    assert token_for(ours, {}) == TOKEN
    with pytest.raises(NotAllowed):
        token_for(theirs, {})


def test_a_kept_login_is_private_and_whole() -> None:
    ours = read_address("https://ours.example")
    assert kept_login() is None
    keep_login(Login(ours, TOKEN, "analyst"))
    assert login_file().stat().st_mode & 0o777 == 0o600
    assert login_file().parent.stat().st_mode & 0o077 == 0
    login_file().chmod(0o640)
    with pytest.raises(NotAllowed):
        kept_login()
    login_file().chmod(0o600)
    for content in (b"", b"[]", b"{}", b"\xff", b"[" * 10_000):
        login_file().write_bytes(content)
        with pytest.raises(DataError):
            kept_login()


@pytest.mark.parametrize(
    "text",
    ["", "city", "ftp://c", "https://", "https://a:b@c", "https://c?x", "https://c#x",
     "https://c:99999", "https://[::1", "http://city.example", "https://c\n", "https://c d",
     "https://" + "c" * 400],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    if text.strip() != text:
        assert str(read_address(text)) == "https://c"
        return
    with pytest.raises(UsageError):
        read_address(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://City.example/", "https://city.example"),
        ("https://c:8443/ringfence/", "https://c:8443/ringfence"),
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
        ("http://[::1]:8470", "http://[::1]:8470"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_address_is_told_as_it_is_used(text: str, told: str) -> None:
    assert str(read_address(text)) == told


def test_what_a_server_cannot_do_is_said_before_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RINGFENCE_API", "https://127.0.0.1:1")
    for words, said in (
        (("import", "-", "--as", "place"), "is sent a file"),
        (("import", "postgresql://x#y", "--as", "place"), "is sent a file"),
        (("import", "/dev/null", "--as", "place"), "no plain file"),
        (("import", "place.csv", "--as", "place", "--mapping", "x"), "--as TABLE"),
        (("trace", "C1", "C2"), "one case at a time"),
        (("trace", "C1", "--format", "csv"), "exported in the console"),
        (("trace", "C1", "--orders", "1"), "leave"),
        (("trace", "C1", "--clock", "2022-07-07T12:00:00+08:00"), "own clock"),
    ):
        assert main([*words, "--lang", "en"]) == 2, words
        assert said in capsys.readouterr().err
    assert main(["import", "none.csv", "--as", "place", "--lang", "en"]) == 11
