"""What is asked before a list leaves."""

from __future__ import annotations

from django import forms

from ringfence_server.accounts.wording import said, said_text
from ringfence_server.exports.words import FORMS


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label=said("Form of the file", "文件格式"),
        widget=forms.RadioSelect,
        initial="xlsx",
        choices=[(key, said_text(text)) for key, text in FORMS.items()],
        error_messages={
            "required": said("Choose one.", "请选择。"),
            "invalid_choice": said("Choose one of the list.", "请从列表中选择。"),
        },
    )
    purpose = forms.CharField(
        label=said("What for", "用途"),
        max_length=300,
        help_text=said(
            "it stands in the file and in the audit: name nobody",
            "将写入文件与审计记录：请勿写明个人信息",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
