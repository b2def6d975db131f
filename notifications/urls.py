from django.urls import path

from notifications import views, webhook_views

app_name = "notifications"
urlpatterns = [
    path("avisos/", views.notification_list, name="list"),
    path("avisos/leidos/", views.read_all, name="read_all"),
    path("avisos/<int:notification>/", views.open_notification, name="open"),
    path("avisos/baja/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("empresa/integraciones/", webhook_views.integrations, name="integrations"),
    path("empresa/integraciones/<public_id:webhook>/", webhook_views.change, name="change_webhook"),
    path("empresa/integraciones/envios/<public_id:delivery>/repetir/", webhook_views.replay, name="replay"),
    path("cuenta/avisos/", views.preferences, name="preferences"),
    path("cuenta/avisos/correo/", views.mail_again, name="mail_again"),
]
