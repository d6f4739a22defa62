"""AllEars: every customer's word heard, understood, and put on one named person."""

__version__ = "0.1.0"
