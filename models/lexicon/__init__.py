"""The baseline classifier: word lists in seven languages, and rules for how words work together."""

from models.lexicon.classifier import LexiconClassifier

__all__ = ["LexiconClassifier"]
