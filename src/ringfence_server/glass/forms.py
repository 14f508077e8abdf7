"""What the pages ask for. What is right is judged by the acts."""

from __future__ import annotations

from typing import Any

from django import forms

from ringfence_server.accounts.wording import said, said_text
from ringfence_server.glass.rules import rules

_CHOOSE = {
    "required": said("Choose one.", "请选择。"),
    "invalid_choice": said("Choose one of the list.", "请从列表中选择。"),
}
_NAME_NOBODY = said("it stands in the audit: name nobody", "将写入审计记录：请勿写明个人信息")


class _UsedUp(forms.TextInput):
    """What was sent is good once: it does not come back in the page."""

    def format_value(self, value: Any) -> None:  # noqa: ARG002
        return None


def _reason() -> forms.CharField:
    return forms.CharField(
        label=said("Reason", "理由"),
        max_length=500,
        help_text=_NAME_NOBODY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OpenForm(forms.Form):
    number = forms.CharField(
        label=said("Case number", "病例编号"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=said("What for", "用途"), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    reason = _reason()
    code = forms.CharField(
        label=said("Code", "验证码"),
        max_length=32,
        help_text=said("of your second factor, now", "第二重验证的当前验证码"),
        widget=_UsedUp(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)
        purpose.choices = [(key, said_text(text)) for key, text in rules().purposes.items()]


class ReviewForm(forms.Form):
    found = forms.ChoiceField(
        label=said("This opening was", "此次查看"),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
        choices=[
            ("justified", said("justified", "有正当理由")),
            ("not", said("not justified", "无正当理由")),
        ],
    )
    reason = _reason()
