"""After a shredding no look-up finds the persons of an import, and no refused row can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.cli.main import main
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.vault import open_vault
from ringfence.vault.tokens import FINDABLE

from .homes import NOW, new_home
from .inns import deliver, id_number, name, nights, phone, refused

GONE, STAYS, GONE_REFUSED, STAYS_REFUSED = 12, 34, 56, 78


def texts(guest: int) -> dict[str, str]:
    """What may be sought of a guest, by the kind of look-up."""
    pinyin, initials = lookup_forms(name(guest))
    return {
        "id_number": id_number(guest),
        "phone": f"+86{phone(guest)}",
        "name": name(guest),
        "pinyin": pinyin,
        "initials": initials,
        "last4": id_number(guest)[-4:],
    }


def test_after_a_shredding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = new_home(tmp_path / "home")
    batches = {}
    for month, guest, wrong in ((7, GONE, GONE_REFUSED), (8, STAYS, STAYS_REFUSED)):
        file = tmp_path / f"{month}.csv"
        file.write_text(nights([guest]) + refused(wrong), encoding="utf-8")
        batches[month] = deliver(home, file, NOW.replace(month=month)).batch
    assert texts(GONE).keys() == set(FINDABLE) - {"plate"}
    with open_vault(home) as vault:
        for kind, text in [*texts(GONE).items(), *texts(STAYS).items()]:
            assert vault.find(kind, text), kind
        assert id_number(GONE_REFUSED)[:-1] in next(vault.rejects(batches[7]))[1]
        ((one,), (other,)) = (vault.find("id_number", id_number(guest)) for guest in (GONE, STAYS))
        vault.shred("2022-07")
    with open_vault(home) as vault:
        for kind, text in texts(GONE).items():
            assert vault.find(kind, text) == [], kind
        for kind, text in texts(STAYS).items():
            assert vault.find(kind, text) == [other], kind
        assert vault.statements([one, other]).keys() == {other}
        assert list(vault.rejects(batches[7])) == []
        assert len(list(vault.rejects(batches[8]))) == 1
    exports = {month: tmp_path / f"export-{month}.csv" for month in batches}
    for month, export in exports.items():
        words = ["quarantine", "export", batches[month], str(export), "--home", str(home.root)]
        main([*words, "--clock", "2022-08-21T00:00:00Z"])
    told = "".join(
        path.read_text(encoding="utf-8-sig") for path in exports.values() if path.exists()
    )
    told += "".join(capsys.readouterr())
    assert phone(STAYS_REFUSED) in told
    assert not any(text in told for text in (phone(GONE_REFUSED), id_number(GONE_REFUSED)[:-1]))
