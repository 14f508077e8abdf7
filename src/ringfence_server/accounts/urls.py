"""Pages of signing in."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from ringfence_server.access import open_to_all, signed_in
from ringfence_server.accounts import second_factor
from ringfence_server.accounts.signing_out import SignOutView

urlpatterns = [
    path("sign-in/", open_to_all(account.LoginView.as_view()), name="account_login"),
    path("sign-out/", open_to_all(SignOutView.as_view()), name="account_logout"),
    path(
        "password/", signed_in(account.PasswordChangeView.as_view()), name="account_change_password"
    ),
    path("again/", signed_in(account.ReauthenticateView.as_view()), name="account_reauthenticate"),
    path("code/", open_to_all(mfa.AuthenticateView.as_view()), name="mfa_authenticate"),
    path("code/again/", signed_in(mfa.ReauthenticateView.as_view()), name="mfa_reauthenticate"),
    path("second-factor/", signed_in(mfa.IndexView.as_view()), name="mfa_index"),
    path(
        "second-factor/begin/",
        signed_in(second_factor.ActivateView.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "second-factor/end/",
        signed_in(second_factor.DeactivateView.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "second-factor/paper/",
        signed_in(recovery.ViewRecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/paper/new/",
        signed_in(second_factor.PaperCodesView.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
