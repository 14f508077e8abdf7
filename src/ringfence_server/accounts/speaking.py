"""The language of an account: chosen once, and spoken wherever it signs in."""

from __future__ import annotations

from ringfence_server.accounts.models import LANGUAGES, User


def speak(user: User, language: str) -> None:
    """What is none of the server's languages changes nothing."""
    if language in dict(LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)
