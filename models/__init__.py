"""What says what a message expresses: a lexicon, or any Transformers checkpoint."""
