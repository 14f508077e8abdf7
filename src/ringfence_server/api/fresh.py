"""Whether somebody showed just now who it is, by the strongest means that the account has."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from ringfence_server.accounts.models import User

_PAGES = {"mfa": "mfa_reauthenticate", "password": "account_reauthenticate"}


def asked_again(request: HttpRequest, user: User, back: str) -> HttpResponseRedirect | None:
    """The way to the page on which it is shown once more; none where it was shown within the last
    minutes. Whoever has a second factor shows that one: a browser left open makes no token.
    """
    means = "mfa" if is_mfa_enabled(user) else "password"
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    shown = get_authentication_records(request, user)
    if any(one["method"] == means and one["at"] > since for one in shown):
        return None
    return HttpResponseRedirect(
        f"{reverse(_PAGES[means])}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    )
