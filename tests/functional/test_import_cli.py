"""`ringfence init` and `ringfence import` as a person uses them, and as accidents end them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ringfence.lake import open_home
from ringfence.sources import import_file

CLOCK = ("--clock", "2022-07-20T08:00:00+08:00")
NOW = datetime(2022, 7, 20, tzinfo=UTC)
HEADER = "subject,place,start,end\n"
ROW = "s{0},p1,2022-07-01T08:00:00+08:00,2022-07-01T09:00:00+08:00\n"
MOMENTS = 24

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: it kills at system calls"
)


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "ringfence.cli.main", *map(str, words)]


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("RINGFENCE")}
    plain |= {"LC_ALL": "C.UTF-8"} | environment
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, env=plain)


def answer(*words: str | Path) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def stored_subjects(home: Path) -> list[str]:
    files = [p for p in home.glob("deliveries/*/*.parquet") if "rejects" not in p.name]
    return sorted(row["subject"] for path in files for row in pq.read_table(path).to_pylist())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    assert run("init", folder, "--synthetic", *CLOCK).returncode == 0
    return folder


@pytest.fixture
def stays(tmp_path: Path) -> Path:
    path = tmp_path / "stays.csv"
    path.write_text(HEADER + "".join(ROW.format(number) for number in range(200)))
    return path


def test_help_comes_at_once() -> None:
    """Processor time, so that a busy machine does not count."""
    before = os.times()
    done = run("--help")
    after = os.times()
    assert "import" in done.stdout
    taken = after.children_user + after.children_system
    assert taken - before.children_user - before.children_system < 0.5


def test_help_loads_no_engine() -> None:
    program = (
        "import sys, ringfence.cli.main as main; main.build();"
        "print({'duckdb', 'ibis', 'pyarrow', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_init_tells_what_it_made(tmp_path: Path) -> None:
    made = answer("init", tmp_path / "a", "--jurisdiction", "CN-3201", "--zone", "Asia/Urumqi")
    assert (made["synthetic"], made["jurisdiction"], made["zone"]) == (
        False,
        "CN-3201",
        "Asia/Urumqi",
    )
    again = run("init", tmp_path / "a")
    assert again.returncode == 2
    assert "not empty" in again.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--zone", "Asia/Nowhere"), 2, "IANA"),
        (("--jurisdiction", "a/b"), 2, "letters, digits and hyphens"),
        (CLOCK, 12, "synthetic homes only"),
        (("--lang", "fr"), 2, "zh or en"),
        (("--synthetic", "--clock", "2022-07-20T08:00:00"), 2, "with an offset"),
    ],
)
def test_init_refuses(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = run("init", tmp_path / "home", *words)
    assert done.returncode == code
    assert said in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_receipt_on_screen(home: Path, stays: Path) -> None:
    stays.write_text(stays.read_text() + "s900,p1,2022-07-01T08:00:00,\ns901,p1\n")
    done = run("import", stays, "--as", "presence", "--home", home, *CLOCK)
    assert done.returncode == 0
    assert done.stderr.startswith("A vault was made for what identifies people.")
    assert len(done.stderr.splitlines()) == 1
    assert "Imported stays.csv as presence" in done.stdout
    assert re.search(r"^ *202  rows in", done.stdout, re.MULTILINE)
    assert re.search(r"^stays.csv +202 +start +has no offset", done.stdout, re.MULTILINE)
    assert re.search(r"^stays.csv +203 +\(row\) +the row has 2 values", done.stdout, re.MULTILINE)


def test_a_receipt_in_chinese(home: Path, stays: Path) -> None:
    for asked in ({"RINGFENCE_LANG": "zh"}, {"LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}):
        done = run("import", stays, "--as", "presence", "--home", home, *CLOCK, **asked)
        assert "新增" in done.stdout
    done = run("import", stays, "--as", "nothing", "--home", home, "--lang", "zh")
    assert "没有名为 nothing 的表" in done.stderr
    english = run("import", stays, "--as", "nothing", "--home", home, "--lang", "en", LANG="zh_CN")
    assert "there is no table" in english.stderr


def test_a_receipt_as_json(home: Path, stays: Path) -> None:
    dry = answer("import", stays, "--as", "presence", "--home", home, *CLOCK, "--dry-run")
    assert dry["dry_run"]
    assert not stored_subjects(home)
    receipt = answer("import", stays, "--as", "presence", "--home", home, *CLOCK)
    assert (receipt["created"], receipt["replayed"]) == (200, False)
    assert receipt["received_at"] == "2022-07-20T00:00:00+00:00"
    again = answer("import", stays, "--as", "presence", "--home", home)
    assert again == receipt | {"replayed": True}


def test_where_the_home_is(home: Path, stays: Path) -> None:
    done = run("import", stays, "--as", "presence", RINGFENCE_HOME=str(home))
    assert done.returncode == 0
    missing = run("import", stays, "--as", "presence", "--home", home / "none")
    assert missing.returncode == 11
    assert "ringfence init" in missing.stderr


def test_exit_codes(home: Path, stays: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(HEADER + "s1,p1,never,\n")
    assert run("import", bad, "--as", "presence", "--home", home).returncode == 10
    assert run("import", bad, "--as", "presence", "--home", home).returncode == 10
    bad.write_text(HEADER)
    assert run("import", bad, "--as", "presence", "--home", home).returncode == 0
    bad.write_text("subject,place,start,end,phone\n")
    assert run("import", bad, "--as", "presence", "--home", home).returncode == 12
    assert run("import", tmp_path / "no.csv", "--as", "presence", "--home", home).returncode == 11
    assert run("import", stays, "--home", home).returncode == 2
    assert run("import", stays, "--as", "presence", "--home", home, "--no").returncode == 2
    assert run("imprt").returncode == 2


def test_a_clock_is_refused_where_people_are_real(tmp_path: Path, stays: Path) -> None:
    run("init", tmp_path / "real")
    done = run("import", stays, "--as", "presence", "--home", tmp_path / "real", *CLOCK)
    assert done.returncode == 12


def test_a_fault_of_the_program_shows_no_data(home: Path, stays: Path) -> None:
    program = (
        "import sys, ringfence.sources as s, ringfence.cli.main as main\n"
        "def fault(*words, **more): raise RuntimeError('13800138000')\n"
        "s.import_file = fault\n"
        f"sys.exit(main.main(['import', {str(stays)!r}, '--as', 'case', '--home', {str(home)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert "RuntimeError" in done.stderr
    assert "13800138000" not in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_leaves_is_no_fault(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(HEADER + "s1,p1,never,\n" * 5000)
    words = command("import", bad, "--as", "presence", "--home", home, "--json")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read().startswith(b"A vault was made")
        assert process.wait() == 141


def test_two_programs_at_once_have_one_effect(home: Path, stays: Path) -> None:
    words = command("import", stays, "--as", "presence", "--home", home, "--json")
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    receipts = [json.loads(process.communicate()[0]) for process in both]
    assert sorted(receipt["replayed"] for receipt in receipts) == [False, True]
    assert len(stored_subjects(home)) == 200


def test_a_stream(home: Path, stays: Path) -> None:
    with stays.open("rb") as stream:
        words = command("import", "-", "--as", "presence", "--home", home, "--json")
        done = subprocess.run(words, stdin=stream, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["file"] == "stdin"
    assert answer("import", stays, "--as", "presence", "--home", home)["replayed"]


def test_killed_while_it_reads_a_stream(home: Path, stays: Path) -> None:
    content = stays.read_bytes()
    words = command("import", "-", "--as", "presence", "--home", home)
    for part in (0, 1, len(content) // 2, len(content)):
        with subprocess.Popen(words, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.write(content[:part])
            process.stdin.flush()
            process.kill()
        assert not stored_subjects(home)
    assert answer("import", stays, "--as", "presence", "--home", home)["created"] == 200
    assert [path for path in (home / "staging").rglob("*") if path.is_file()] == []


CHANGING = "write,pwrite64,fsync,fdatasync,rename,unlink,unlinkat,mkdir,ftruncate,flock"


def system_calls(home: Path, stays: Path, log: Path) -> list[tuple[str, int]]:
    """What an import does to its home, in order: each call with its number among its like."""
    words = ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={CHANGING}"]
    imported = command("import", stays, "--as", "presence", "--home", home, *CLOCK)
    subprocess.run([*words, *imported], check=True, capture_output=True)
    calls, seen = [], dict.fromkeys(CHANGING.split(","), 0)
    for line in log.read_text(errors="replace").splitlines():
        found = re.match(r"\d+ +(\w+)\(", line)
        if found and found[1] in seen:
            seen[found[1]] += 1
            if str(home) in line:
                calls.append((found[1], seen[found[1]]))
    return calls


@needs_strace
def test_killed_at_system_calls(home: Path, stays: Path, tmp_path: Path) -> None:
    """Wherever the program dies, importing again gives the state of one import.

    What a killed program leaves behind is swept by the next one that writes.
    """
    counted = tmp_path / "counted"
    shutil.copytree(home, counted)
    calls = system_calls(counted, stays, tmp_path / "calls.log")
    assert len(calls) > MOMENTS
    another = tmp_path / "another.csv"
    another.write_text(HEADER + ROW.format(200))
    killed = 0
    for moment in range(MOMENTS):
        call, number = calls[moment * len(calls) // MOMENTS]
        struck = tmp_path / f"home-{moment}"
        shutil.copytree(home, struck)
        words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
        words += ["-e", f"inject={call}:signal=KILL:when={number}"]
        words += command("import", stays, "--as", "presence", "--home", struck, *CLOCK)
        killed += subprocess.run(words, capture_output=True, check=False).returncode != 0
        opened = open_home(struck)
        assert len(stored_subjects(struck)) in (0, 200)
        receipt = import_file(opened, stays, table="presence", now=NOW)
        assert (receipt.sequence, receipt.created, receipt.rows_in) == (1, 200, 200)
        assert len(stored_subjects(struck)) == 200
        assert import_file(opened, stays, table="presence", now=NOW).replayed
        assert import_file(opened, another, table="presence", now=NOW).sequence == 2
        assert [path for path in (struck / "staging").rglob("*") if path.is_file()] == []
    assert killed > MOMENTS // 2
