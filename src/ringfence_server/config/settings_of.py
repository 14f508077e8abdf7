"""Django's settings for a deployment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from ringfence_server.deployment.limits import MOST_BYTES
from ringfence_server.deployment.logs import LOGGING
from ringfence_server.deployment.reading import Deployment

_WEB = Path(__file__).parents[1] / "web"
_DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}
_TWELVE_HOURS = 12 * 3600
APPS = (
    "jurisdictions",
    "accounts",
    "outbox",
    "administration",
    "web",
    "cases",
    "canaries",
    "tracing",
    "riding",
    "movements",
    "narratives",
    "tasks",
    "glass",
    "exports",
    "looking",
    "retention",
    "search",
    "imports",
    "api",
    "deliveries",
    "follow_ups",
    "hand_overs",
    "merging",
    "watching",
)
"""Our own, in the order in which they know each other."""


def settings_of(deployment: Deployment, zone: str) -> dict[str, Any]:
    """`zone`: the home's IANA zone, in which pages show times; inside all is UTC."""
    return {
        **_place(zone),
        **_parts(),
        **_signing_in(deployment),
        "SECRET_KEY": deployment.secret,
        "ALLOWED_HOSTS": list(deployment.hosts),
        "DATABASES": {"default": database_of(deployment.database)},
        "RINGFENCE": deployment,
        "LOGGING_CONFIG": None,
        "LOGGING": LOGGING,
    }


def database_of(address: str) -> dict[str, Any]:
    """What Django calls a PostgreSQL address. Parameters without a name of its own go along."""
    told = conninfo_to_dict(address)
    named = {ours: str(told.pop(name)) for name, ours in _DJANGO_NAMES.items() if told.get(name)}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": {**told, "application_name": "ringfence"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": "ringfence_test"},
    }


def _place(zone: str) -> dict[str, Any]:
    return {
        "USE_TZ": True,
        "TIME_ZONE": zone,
        "USE_I18N": True,
        "LANGUAGE_CODE": "zh-hans",
        "LANGUAGES": [("zh-hans", "中文"), ("en", "English")],
        "LANGUAGE_COOKIE_NAME": "language",
        # With the browser, not longer: the next person at it may read another language.
        "LANGUAGE_COOKIE_AGE": None,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "STATIC_URL": "static/",
        "STATICFILES_DIRS": [_WEB / "static"],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
    }


def _parts() -> dict[str, Any]:
    return {
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.forms",
            "django.contrib.postgres",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "procrastinate.contrib.django",
            *(f"ringfence_server.{name}" for name in APPS),
        ],
        "MIDDLEWARE": [
            "ringfence_server.watching.requests.Watch",
            "ringfence_server.web.guarding.Guard",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "ringfence_server.watching.bodies.Bodies",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "ringfence_server.web.deciding.Deciding",
            "ringfence_server.glass.telling.Telling",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [_WEB / "templates"],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "ringfence_server.web.surroundings.surroundings",
                    ],
                    "builtins": [
                        "ringfence_server.web.templatetags.saying",
                        "ringfence_server.web.templatetags.building",
                    ],
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                },
            }
        ],
        "FORM_RENDERER": "ringfence_server.web.rendering.Renderer",
        "ROOT_URLCONF": "ringfence_server.config.urls",
        "WSGI_APPLICATION": "ringfence_server.config.wsgi.application",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "web_cache",
                "OPTIONS": {"MAX_ENTRIES": 100_000},
            }
        },
        "PROCRASTINATE_AUTODISCOVER_MODULE_NAME": "jobs",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_621_440,
        # None that spools: its files would lie in the system's folder in clear.
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": MOST_BYTES,
    }


def _signing_in(deployment: Deployment) -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "accounts.User",
        "AUTHENTICATION_BACKENDS": ["ringfence_server.accounts.signing_in.Backend"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("username", "name")},
            },
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "inbox",
        "SESSION_COOKIE_AGE": _TWELVE_HOURS,
        "SESSION_COOKIE_SECURE": deployment.https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_SECURE": deployment.https,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "ringfence_server.web.failures.stale_form",
        "SECURE_SSL_REDIRECT": False,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")
        if deployment.https
        else None,
        "SECURE_HSTS_SECONDS": 31_536_000 if deployment.https else 0,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "ACCOUNT_ADAPTER": "ringfence_server.accounts.signing_in.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_FORMS": {
            "change_password": "ringfence_server.accounts.signing_in.ChangePasswordForm"
        },
        # Wrong tries are counted for each account, in `accounts.lockout`. An address may stand for
        # a whole office.
        "ACCOUNT_RATE_LIMITS": {"login": "300/m/ip", "login_failed": None},
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if deployment.https else 0,
        "MFA_ADAPTER": "ringfence_server.accounts.second_factor.MfaAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Ringfence",
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_FORMS": {
            "authenticate": "ringfence_server.accounts.second_factor.AuthenticateForm",
            "reauthenticate": "ringfence_server.accounts.second_factor.ReauthenticateForm",
        },
    }
