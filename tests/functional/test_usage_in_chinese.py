"""Words that do not fit together, told in the language of the reader."""

from __future__ import annotations

import pytest

from ringfence.cli.main import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("trace",), "缺少参数 CASE…"),
        (("lake", "withdraw", "0" * 12), "缺少选项 --reason"),
        (("trace", "C1", "--nonsense"), "没有选项 --nonsense"),
        (("lake", "nonsense"), "没有命令 nonsense"),
        (("trace", "C1", "--orders", "many"), "选项 --orders 的取值无效"),
        (("trace", "C1", "--orders", "3"), "选项 --orders 的取值无效"),
    ],
)
def test_the_commonest_mistakes(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert main([*words, "--lang", "zh"]) == 2
    assert capsys.readouterr().err.startswith(f"ringfence: {told}（请见 ringfence ")
    assert main([*words, "--lang", "en"]) == 2
    assert told not in capsys.readouterr().err
