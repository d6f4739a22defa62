"""The built-in model: one small multilingual encoder, read in one pass."""

from models.encoder.classifier import EncoderClassifier

__all__ = ["EncoderClassifier"]
