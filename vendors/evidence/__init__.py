"""Evidence that is not a status page: incidents learnt elsewhere, and what independent monitors saw. Pure."""
