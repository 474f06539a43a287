"""People: workspaces, roles, invitations, tokens, and the trail of who changed what."""
