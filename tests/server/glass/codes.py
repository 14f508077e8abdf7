"""Codes of a telephone's app, each good once."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from ringfence_server.access import Acting
from ringfence_server.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(by: Acting | User) -> str:
    """One that was not used: of those on paper, for a telephone has one in thirty seconds."""
    user = by.user if isinstance(by, Acting) else by
    if not Authenticator.objects.filter(user=user, type="totp").exists():
        TOTP.activate(user, SECRET)
    held = Authenticator.objects.filter(user=user, type="recovery_codes").first()
    if held is None or not held.wrap().get_unused_codes():
        Authenticator.objects.filter(user=user, type="recovery_codes").delete()
        held = RecoveryCodes.activate(user).instance
    code: str = held.wrap().get_unused_codes()[0]
    return code
