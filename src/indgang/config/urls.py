"""All addresses of the house."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path, re_path

from indgang.config.api import api
from indgang.config.demo_page import demo_codes, demo_go_on, demo_page

handler400 = "indgang.config.errors.bad_request"
handler403 = "indgang.config.errors.forbidden"
handler404 = "indgang.config.errors.not_found"
handler500 = "indgang.config.errors.server_error"

# Of allauth only what colleagues need: nobody signs up, and e-mail addresses are the organisation's to change.
account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("codes/", mfa.index, name="mfa_index"),
    path("codes/enter/", mfa.authenticate, name="mfa_authenticate"),
    path("codes/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("codes/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("codes/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/recovery/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/recovery/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/recovery/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("account/", include(account_urls)),
    path("demo/", demo_page, name="demo"),
    path("demo/codes/", demo_codes, name="demo-codes"),
    path("demo/go-on/", demo_go_on, name="demo-go-on"),
    path("", include("indgang.foundation.ui.urls")),
    path("", include("indgang.foundation.mail.urls")),
    path("", include("indgang.foundation.imports.urls")),
    path("", include("indgang.operations.guidance.urls")),
    path("", include("indgang.operations.reception.urls")),
    path("", include("indgang.workspace.urls")),
]
