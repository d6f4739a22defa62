"""The `allears` command: one file a command; each loads what it needs only when it runs."""
