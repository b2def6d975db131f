"""Addresses of the reports."""

from django.urls import path

from moirai.office import views

app_name = "office"
urlpatterns = [
    path("gestion/reportes/", views.reports, name="reports"),
    path("gestion/reportes/<slug:slug>/", views.report, name="report"),
    path("gestion/reportes/<slug:slug>.csv", views.report_file, name="report_file"),
]
