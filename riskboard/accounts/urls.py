"""Addresses about people."""

from django.urls import path

from riskboard.accounts import people_views, views, workspace_views

urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("join/<str:token>/", views.join, name="join"),
    path("workspace/", views.choose_workspace, name="choose-workspace"),
    path("language/", views.choose_language, name="choose-language"),
    path("settings/", views.profile, name="profile"),
    path("settings/people/", people_views.people, name="people"),
    path("settings/people/invite/", people_views.invite, name="invite"),
    path(
        "settings/people/invitations/<int:pk>/withdraw/", people_views.withdraw_invitation, name="withdraw-invitation"
    ),
    path("settings/people/<int:pk>/", people_views.change_member, name="change-member"),
    path("settings/workspace/", people_views.change_workspace, name="change-workspace"),
    path("settings/workspaces/", workspace_views.mine, name="workspaces"),
    path("settings/workspaces/new/", workspace_views.make, name="make-workspace"),
    path("settings/workspaces/leave/", workspace_views.leave, name="leave-workspace"),
    path("settings/workspaces/delete/", workspace_views.delete, name="delete-workspace"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/new/", views.make_token, name="make-token"),
    path("settings/tokens/<uuid:uid>/revoke/", views.revoke_token, name="revoke-token"),
    path("settings/audit/", views.audit_trail, name="audit"),
]
