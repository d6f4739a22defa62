"""`allears eval`: how right a model is on labelled texts."""


def evaluate() -> None:
    """Soon."""
