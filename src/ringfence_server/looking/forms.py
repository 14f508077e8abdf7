"""By what the audit is searched."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ringfence.audit import Wanted
from ringfence_server.accounts.wording import said

_DAY = forms.DateInput(attrs={"type": "date"})


class Search(forms.Form):
    """Sent by GET."""

    case = forms.CharField(label=said("Case number", "病例编号"), required=False, max_length=128)
    by = forms.CharField(label=said("User name", "用户名"), required=False, max_length=64)
    act = forms.CharField(label=said("Act", "操作"), required=False, max_length=64)
    since = forms.DateField(label=said("From", "起"), required=False, widget=_DAY)
    until = forms.DateField(
        label=said("To the end of", "止（含当日）"), required=False, widget=_DAY
    )

    def wanted(self, zone: str) -> Wanted:
        told: dict[str, Any] = self.cleaned_data
        here = ZoneInfo(zone)
        since, until = told["since"], told["until"]
        return Wanted(
            by=told["by"].strip(),
            act=told["act"].strip(),
            case=told["case"].strip(),
            since=datetime.combine(since, time(), here) if since else None,
            until=datetime.combine(until, time(), here) + timedelta(days=1) if until else None,
        )
