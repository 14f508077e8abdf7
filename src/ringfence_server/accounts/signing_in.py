"""Signing in with name and password; accounts are given, not taken.

Whoever does not get in is told one thing, and after the same time: not whether there is such an
account, nor that it is deactivated, nor that its first password is too old.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ringfence_server.accounts import lockout
from ringfence_server.accounts.models import User
from ringfence_server.accounts.wording import said
from ringfence_server.deployment.here import now
from ringfence_server.outbox.auditing import told

LONGEST_PASSWORD = 1024
_LONGEST_USERNAME = 64
_NO_MATCH = said(
    "This user name and password do not let you in. Look at both once more; if they are right, ask"
    " the administrator of your unit.",
    "用户名与密码无法登录。请核对；如确认无误，请联系本单位管理员。",
)
_TOO_OFTEN = said(
    "Too many wrong tries for this user name. Wait a quarter of an hour, or ask the administrator"
    " of your unit.",
    "该用户名尝试错误次数过多。请等待十五分钟，或联系本单位管理员。",
)
_SAME = said(
    "This is the password that you have: choose another.", "新密码与当前密码相同：请另选密码。"
)
_TOO_LONG = said(
    f"A password has at most {LONGEST_PASSWORD} characters.",
    f"密码最多 {LONGEST_PASSWORD} 个字符。",
)
_WRONG = said("This is not your present password.", "当前密码不正确。")


def canonical(username: str) -> str:
    """As accounts are named: small letters."""
    return username.strip().lower()[:_LONGEST_USERNAME]


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Name and password. One password is hashed whatever the answer, so all take the same time."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str = "",
        password: str = "",
        **_: Any,
    ) -> User | None:
        password = password[: LONGEST_PASSWORD + 1]
        user: User | None = User.objects.filter(username=canonical(username)).first()
        if user is None:
            User().set_password(password)
            return None
        right = user.check_password(password)
        return user if right and _may_sign_in(user, now()) else None


def _may_sign_in(user: User, at: datetime) -> bool:
    until = user.first_password_until
    return user.is_active and not (user.first_password and until is not None and until <= at)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _NO_MATCH,
        "too_many_login_attempts": _TOO_OFTEN,
        "incorrect_password": _WRONG,
        "enter_current_password": _WRONG,
        "same_as_current": _SAME,
        "password_too_long": _TOO_LONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """ValidationError: locked. Counted before the password is looked at; see `lockout`."""
        at = now()
        username = canonical(credentials.get("username", ""))
        attempt = lockout.begin(username, at)
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, username=username, password=credentials.get("password", ""))
        if isinstance(user, User):
            lockout.right(attempt)
            return user
        known = User.objects.filter(username=username).first()
        lockout.wrong(attempt, known, at, "password")
        return None

    def login(self, request: HttpRequest, user: User) -> None:
        """Once all that is asked for was right."""
        with transaction.atomic():
            super().login(request, user)
            lockout.forget(user.username)
            told("account.sign_in", by=user.username, at=now(), about={})

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        """In the account's language, on a browser where none was chosen yet."""
        response: HttpResponse = super().post_login(request, user, **hooks)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                path=settings.LANGUAGE_COOKIE_PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response

    def logout(self, request: HttpRequest) -> None:
        with transaction.atomic():
            if isinstance(request.user, User):
                told("account.sign_out", by=request.user.username, at=now(), about={})
            super().logout(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        if len(password) > LONGEST_PASSWORD:
            raise self.validation_error("password_too_long")
        if user is not None and user.check_password(password):
            raise self.validation_error("same_as_current")
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        """By the user: it is a first password no more. All other sessions end with the old one."""
        with transaction.atomic():
            user.set_password(password)
            user.first_password = False
            user.first_password_until = None
            user.save(update_fields=["password", "first_password", "first_password_until"])
            told("account.change_password", by=user.username, at=now(), about={})


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        """Counted as a try to sign in is: a browser left open is no way to guess."""
        adapter = AccountAdapter()
        given: str = self.cleaned_data.get("oldpassword", "")
        if not adapter.reauthenticate(self.user, given):
            raise adapter.validation_error("enter_current_password")
        return given

    def save(self) -> None:
        super().save()
        reauthenticate_by_password(AccountAdapter().request)
