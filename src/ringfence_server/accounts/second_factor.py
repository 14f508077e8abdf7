"""The second factor: codes of a telephone's app, and those on paper for the day that it is lost."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.db import transaction
from django.http import HttpResponse

from ringfence.errors import NotAllowed, StorageError
from ringfence_server.access.acting import acting_of
from ringfence_server.accounts import lockout
from ringfence_server.accounts.models import User
from ringfence_server.accounts.wording import said
from ringfence_server.deployment.here import deployment, now
from ringfence_server.outbox.auditing import told

_NONCE = 12
SEALED = "sealed1."
_PENDING = "second_factor_pending"
_COUNTER = "counter"
_NEEDED = said(
    "Your role needs a second factor. If the telephone is lost, the administrator of your unit"
    " resets it.",
    "您的角色必须使用第二重验证。如手机遗失，请由本单位管理员重置。",
)
_WRONG = said(
    "This code is wrong, or was used before. Wait for the next one.",
    "验证码错误或已使用。请等待下一个验证码。",
)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _NEEDED,
        "incorrect_code": _WRONG,
    }

    def encrypt(self, text: str) -> str:
        return sealed(deployment().secret, text)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(deployment().secret, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not who needs one."""
        return not acting_of(authenticator.user, now()).needs_second_factor


def sealed(secret: str, text: str) -> str:
    nonce = os.urandom(_NONCE)
    closed = AESGCM(_key(secret)).encrypt(nonce, text.encode(), SEALED.encode())
    return SEALED + base64.b64encode(nonce + closed).decode()


def opened(secret: str, text: str) -> str:
    """StorageError: sealed with another secret, or changed since."""
    closed = base64.b64decode(text.removeprefix(SEALED))
    try:
        told = AESGCM(_key(secret)).decrypt(closed[:_NONCE], closed[_NONCE:], SEALED.encode())
    except (InvalidTag, ValueError):
        raise StorageError(
            "the second factor cannot be opened: it was sealed with another secret of the"
            " deployment, or changed; an administrator resets it",
            "无法读取第二重验证：其加密密钥已更换或内容被改动；请由管理员重置",
        ) from None
    return told.decode()


def _key(secret: str) -> bytes:
    """Of the deployment's secret, for this use alone."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"ringfence second factor")
    return derived.derive(secret.encode())


def _fits(secret: str, code: str) -> int | None:
    """The number of the period whose code it is; None: of none that is accepted now."""
    for counter in auth.yield_hotp_counters_from_time():
        expected = auth.format_hotp_value(auth.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return int(counter)
    return None


def _used(user: User, code: str) -> Authenticator | None:
    """The factor that this code is of, which does not accept it again, nor an older one."""
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user=user).order_by("-type")
        for factor in held:
            if factor.type == Authenticator.Type.TOTP:
                secret = MfaAdapter().decrypt(factor.data["secret"])
                counter = _fits(secret, code)
                if counter is not None and counter > factor.data.get(_COUNTER, -1):
                    factor.data[_COUNTER] = counter
                    factor.save(update_fields=["data"])
                    return factor
            elif factor.wrap().validate_code(code):
                told("account.use_paper_code", by=user.username, at=now(), about={})
                return factor
    return None


def shown_again(user: User, code: str) -> bool:
    """Whether this is a code of the account now. It is used up by that; wrong ones are counted
    like wrong passwords. NotAllowed: too many were wrong.
    """
    at = now()
    attempt = lockout.begin(user.username, at)
    if attempt is None:
        raise NotAllowed(
            "too many wrong codes: wait a quarter of an hour", "验证码错误次数过多：请等待十五分钟"
        )
    if _used(user, code.strip()) is None:
        lockout.wrong(attempt, user, at, "code")
        return False
    lockout.right(attempt)
    return True


class _Code(forms.Form):
    """Wrong codes are counted like wrong passwords, until signing in is complete."""

    user: User

    def clean_code(self) -> str:
        at = now()
        attempt = lockout.begin(self.user.username, at)
        if attempt is None:
            raise account_adapter().validation_error("too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        self.authenticator = _used(self.user, code)
        if self.authenticator is None:
            lockout.wrong(attempt, self.user, at, "code")
            raise MfaAdapter().validation_error("incorrect_code")
        lockout.right(attempt)
        return code


class AuthenticateForm(_Code, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_Code, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The secret waits in the session for its first code; sealed there too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        session = context.request.session
        if not self.is_bound or _PENDING not in session:
            session[_PENDING] = MfaAdapter().encrypt(auth.generate_totp_secret())
        self.secret = MfaAdapter().decrypt(session[_PENDING])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.counter = _fits(self.secret, code)
        if self.counter is None:
            raise MfaAdapter().validation_error("incorrect_code")
        return code


class ActivateView(ActivateTOTPView):  # type: ignore[misc]
    form_class = ActivateForm

    def form_valid(self, form: ActivateForm) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            begun = Authenticator.objects.get(user=form.user, type=Authenticator.Type.TOTP)
            begun.data[_COUNTER] = form.counter
            begun.save(update_fields=["data"])
            told("account.begin_second_factor", by=form.user.username, at=now(), about={})
        self.request.session.pop(_PENDING, None)
        return response


class DeactivateView(DeactivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: forms.Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            told("account.end_second_factor", by=str(self.request.user), at=now(), about={})
        return response


class PaperCodesView(GenerateRecoveryCodesView):  # type: ignore[misc]
    def form_valid(self, form: forms.Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            told("account.new_paper_codes", by=str(self.request.user), at=now(), about={})
        return response
