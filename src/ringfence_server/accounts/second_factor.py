"""The second factor: codes of an authenticator app, and recovery codes on paper."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Their secrets are sealed."""
