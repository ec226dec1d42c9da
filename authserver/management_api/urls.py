"""/api/v2/: the resources of this floor."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
