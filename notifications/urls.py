from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("avisos/", views.notification_list, name="list"),
    path("avisos/leidos/", views.read_all, name="read_all"),
    path("avisos/<int:notification>/", views.open_notification, name="open"),
]
