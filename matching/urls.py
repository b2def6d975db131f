"""Addresses of matches; names are Spanish in every language."""

from django.urls import path

from matching import board, views

app_name = "matching"
urlpatterns = [
    path("para-ti/", views.for_you, name="for_you"),
    path("vacantes/<public_id:job>/por-que/", views.why, name="why"),
    path("empresa/vacantes/<public_id:job>/candidaturas/", views.candidates, name="candidates"),
    path("empresa/vacantes/<public_id:job>/tablero/", board.board, name="board"),
    path("empresa/candidaturas/<public_id:application>/", views.candidate, name="candidate"),
    path("empresa/vacantes/<public_id:job>/perfiles/<public_id:student>/", views.suggested, name="suggested"),
]
