"""Addresses for programs, in no language."""

from django.urls import path

from jobs import sitemaps
from jobs.views.calendar import calendar_feed

urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("calendario/<str:secret>.ics", calendar_feed, name="calendar_feed"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
