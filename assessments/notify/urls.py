"""Addresses about notifications."""

from django.urls import path

from assessments.notify import views

urlpatterns = [
    path("", views.channels, name="notifications"),
    path("add/", views.add, name="add-channel"),
    path("messages/<uuid:uid>/again/", views.again, name="send-again"),
    path("<uuid:uid>/", views.change, name="notification-channel"),
    path("<uuid:uid>/test/", views.test, name="test-channel"),
    path("<uuid:uid>/pause/", views.pause, name="pause-channel"),
    path("<uuid:uid>/key/", views.new_key, name="new-channel-key"),
    path("<uuid:uid>/remove/", views.remove, name="remove-channel"),
]
