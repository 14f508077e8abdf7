"""What the pages ask for. What it means is judged by the actions; here only that it is a text."""

from __future__ import annotations

from typing import Any

from django import forms

from ringfence.records.vocabularies import JURISDICTION_LEVELS
from ringfence_server.accounts.models import LANGUAGES
from ringfence_server.accounts.roles import roles
from ringfence_server.accounts.wording import said, said_text
from ringfence_server.jurisdictions.models import LEVELS

LONGEST_CODE = 128
LARGEST_LIST = 2 << 20
LARGEST_TREE = 256 << 20
_TOO_LARGE = said("This file is too large for this page.", "文件过大。")


def _role_choices() -> list[tuple[str, Any]]:
    return [(key, said_text(role.name)) for key, role in roles().items()]


def _code(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_CODE)


def _known_unit(label: Any) -> forms.CharField:
    """Suggested while it is typed."""
    picked = forms.TextInput(attrs={"autocomplete": "off", "data-pick": "unit"})
    return forms.CharField(label=label, max_length=LONGEST_CODE, widget=picked)


class Search(forms.Form):
    """Sent by GET."""

    find = forms.CharField(
        label=said("User name or name", "用户名或姓名"), required=False, max_length=64
    )
    state = forms.ChoiceField(
        label=said("State", "状态"),
        required=False,
        choices=[
            ("", said("all", "全部")),
            ("active", said("active", "启用")),
            ("inactive", said("deactivated", "停用")),
        ],
    )


class NewAccount(forms.Form):
    username = forms.CharField(
        label=said("User name", "用户名"),
        max_length=32,
        help_text=said(
            "small letters and digits, no person's name: the audit writes it",
            "小写字母与数字；勿用真实姓名，审计记录会写入用户名",
        ),
    )
    name = forms.CharField(label=said("Name", "姓名"), max_length=64)
    role = forms.ChoiceField(label=said("Role", "角色"), choices=_role_choices)
    unit = _known_unit(said("Code of the unit", "单位代码"))
    language = forms.ChoiceField(
        label=said("Language", "语言"), choices=[("zh", LANGUAGES[0][1]), ("en", LANGUAGES[1][1])]
    )


class NewRole(forms.Form):
    role = forms.ChoiceField(label=said("Role", "角色"), choices=_role_choices)
    unit = _known_unit(said("Code of the unit", "单位代码"))


class Upload(forms.Form):
    """`most`: bytes."""

    file = forms.FileField(label=said("File", "文件"))

    def __init__(self, *given: Any, most: int, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most = most

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self._most:
            raise forms.ValidationError(_TOO_LARGE)
        return file


class UnitNames(forms.Form):
    name_zh = forms.CharField(label=said("Chinese name", "中文名称"), max_length=200)
    name_en = forms.CharField(
        label=said("English name", "英文名称"), max_length=200, required=False
    )


class NewUnit(UnitNames):
    code = _code(said("Code", "代码"))
    level = forms.ChoiceField(
        label=said("Level", "层级"),
        choices=[(level, said_text(JURISDICTION_LEVELS[level])) for level in LEVELS[1:]],
    )
    field_order = ("code", "level", "name_zh", "name_en")

    def offer_below(self, level: str) -> None:
        """Of all levels, show those that can stand there; of another, the act says why not."""
        shown = self.fields["level"].widget
        assert isinstance(shown, forms.Select)
        lower = LEVELS[LEVELS.index(level) + 1 :]
        shown.choices = [(one, said_text(JURISDICTION_LEVELS[one])) for one in lower]


class Move(forms.Form):
    parent = _known_unit(said("Code of the unit above", "上级代码"))
