"""allauth's views under Spanish addresses: only those that we use, by allauth's own names."""

from allauth.account import views
from allauth.usersessions import views as session_views
from django.urls import path, re_path

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
    path("sesiones/", session_views.list_usersessions, name="usersessions_list"),
]
