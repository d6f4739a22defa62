"""Reddit: posts and comments that a search finds."""
