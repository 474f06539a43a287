"""The continuity plan in the app: what its fields are called, how they are read and shown, and the pages."""
