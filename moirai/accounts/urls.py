"""allauth's views under Spanish addresses: only those that we use, by allauth's own names."""

from allauth.account import views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as key_views
from allauth.socialaccount import views as social_views
from allauth.socialaccount.providers.openid_connect import views as oidc_views
from allauth.usersessions import views as session_views
from django.conf import settings
from django.urls import include, path, re_path

from moirai.accounts.signed_out import back_channel_logout
from moirai.accounts.views import refusing_with_422

urlpatterns = [
    path("entrar/", refusing_with_422(views.login), name="account_login"),
    path("salir/", views.logout, name="account_logout"),
    path("registro/", refusing_with_422(views.signup), name="account_signup"),
    path("inactiva/", views.account_inactive, name="account_inactive"),
    path("verificar/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^verificar/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("recuperar/", refusing_with_422(views.password_reset), name="account_reset_password"),
    path("recuperar/enviado/", views.password_reset_done, name="account_reset_password_done"),
    path("recuperar/listo/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^recuperar/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        refusing_with_422(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("contrasena/", refusing_with_422(views.password_change), name="account_change_password"),
    path("contrasena/nueva/", refusing_with_422(views.password_set), name="account_set_password"),
    path("correo/", refusing_with_422(views.email), name="account_email"),
    path("confirmar-identidad/", refusing_with_422(views.reauthenticate), name="account_reauthenticate"),
    path("segundo-factor/", mfa_views.index, name="mfa_index"),
    path("segundo-factor/entrar/", refusing_with_422(mfa_views.authenticate), name="mfa_authenticate"),
    path("segundo-factor/confirmar/", refusing_with_422(mfa_views.reauthenticate), name="mfa_reauthenticate"),
    path("segundo-factor/app/activar/", refusing_with_422(totp_views.activate_totp), name="mfa_activate_totp"),
    path("segundo-factor/app/desactivar/", refusing_with_422(totp_views.deactivate_totp), name="mfa_deactivate_totp"),
    path("segundo-factor/codigos/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("segundo-factor/codigos/nuevos/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("segundo-factor/codigos/archivo/", code_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("segundo-factor/llaves/", key_views.list_webauthn, name="mfa_list_webauthn"),
    path("segundo-factor/llaves/agregar/", refusing_with_422(key_views.add_webauthn), name="mfa_add_webauthn"),
    path("segundo-factor/llaves/confirmar/", key_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("segundo-factor/llaves/<int:pk>/", refusing_with_422(key_views.edit_webauthn), name="mfa_edit_webauthn"),
    path("segundo-factor/llaves/<int:pk>/quitar/", key_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("universidad/error/", social_views.login_error, name="socialaccount_login_error"),
    path("universidad/cancelado/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("universidad/registro/", refusing_with_422(social_views.signup), name="socialaccount_signup"),
    path("universidad/<slug:provider_id>/", oidc_views.login, name="openid_connect_login"),
    path("universidad/<slug:provider_id>/vuelta/", oidc_views.callback, name="openid_connect_callback"),
    path("universidad/<slug:provider_id>/cierre/", back_channel_logout, name="back_channel_logout"),
    *([path("universidad/saml/", include("moirai.accounts.saml_urls"))] if settings.SAML_APP else []),
    path("sesiones/", session_views.list_usersessions, name="usersessions_list"),
]
