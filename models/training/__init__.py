"""How the built-in model is made: `allears train`. Needs the extra allears[train]; nothing at work imports this."""
