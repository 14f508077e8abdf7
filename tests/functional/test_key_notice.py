"""The message about the keys is true of both, wherever they were put."""

from __future__ import annotations

from pathlib import Path

import pytest

from .small_home import SmallHome

PEOPLE = "subject,name,id_number\ns1,王小敏,000101198503122156\n"


@pytest.mark.parametrize("own_place", [True, False])
def test_both_keys_lie_where_the_message_says(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    own_place: bool,
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    audit_keys = tmp_path / "audit-keys"
    audit_keys.mkdir()
    configured = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(configured))
    monkeypatch.setenv("RINGFENCE_MASTER_KEY", str(keys / "master.key"))
    if own_place:
        monkeypatch.setenv("RINGFENCE_AUDIT_KEY", str(audit_keys))
    home = SmallHome(tmp_path, capsys)
    said = home.deliver("subject", PEOPLE).err
    assert f"Its master key is {keys / 'master.key'}:" in said
    folder = audit_keys if own_place else configured / "ringfence"
    assert f"signs the audit is {folder / '*.audit.key'}, made with" in said
    home.run("vault", "reveal", "p1", "--case", "C1", "--purpose", "to call them")
    home.run("vault", "reveal", "s1", "--case", "C1", "--purpose", "to call them")
    assert len(list(folder.glob("*.audit.key"))) == 1
