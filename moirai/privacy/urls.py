from django.urls import path

from moirai.privacy import views

app_name = "privacy"
urlpatterns = [
    path("cuenta/privacidad/", views.privacy, name="privacy"),
    path("cuenta/privacidad/solicitud/<slug:what>/", views.ask, name="ask"),
    path("cuenta/privacidad/limitar/", views.restrict, name="restrict"),
    path("cuenta/privacidad/limitar/levantar/", views.lift, name="lift"),
    path("cuenta/privacidad/datos/", views.download, name="download"),
    path("cuenta/privacidad/borrar/", views.erase, name="erase"),
]
