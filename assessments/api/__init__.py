"""The REST API, `/api/v1/`: what the pages show, as JSON, from the same stored rows."""
