"""X: posts that a search finds."""
