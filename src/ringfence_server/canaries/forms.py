"""The form by which a canary is planted."""

from __future__ import annotations

from typing import Any

from django import forms

from ringfence.errors import Text
from ringfence_server.canaries.actions import FIELDS
from ringfence_server.web.surroundings import language

KIND_WORDS = {
    "contact": Text("a contact under follow-up", "随访中的接触者"),
    "case": Text("a case", "病例"),
}
_LABELS = {
    **FIELDS,
    "kind": Text("Pretends to be", "伪装为"),
    "unit": Text("Unit (code)", "单位代码"),
}
_HELP = {
    "name": Text(
        "invented, and borne by nobody: a search for a namesake would raise the alert as well",
        "须为虚构且无人使用：查询同名者也会触发警报",
    ),
    "unit": Text(
        "whoever may see identities there comes upon it", "在该辖区可查看身份的账户会查到此记录"
    ),
}


class PlantForm(forms.Form):
    kind = forms.ChoiceField()
    unit = forms.CharField(
        max_length=128, widget=forms.TextInput(attrs={"autocomplete": "off", "data-pick": "unit"})
    )
    name = forms.CharField(max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    id_number = forms.CharField(
        max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        max_length=64, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        here = language()
        for name, field in self.fields.items():
            field.label = _LABELS[name].to(here)
            if name in _HELP:
                field.help_text = _HELP[name].to(here)
        words = [(key, text.to(here)) for key, text in KIND_WORDS.items()]
        self.fields["kind"].choices = words  # type: ignore[attr-defined]
