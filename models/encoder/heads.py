"""What the encoder says of every token: the columns of its `token_logits`, the same in training and at work.

A text's logits are its tokens' logits, averaged with the weights that the encoder gives them. So a sentence's opinion, and a word's
share in an opinion, come from the same pass and add up exactly.
"""

from __future__ import annotations

from allears.domain.feedback import Kind, Sentiment

SENTIMENTS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.MIXED)
KINDS = (Kind.COMPLAINT, Kind.PRAISE, Kind.QUESTION, Kind.SUGGESTION, Kind.OTHER)
SIGNALS = ("legal", "safety", "churn", "public", "vulnerable")

SENTIMENT = slice(0, len(SENTIMENTS))
KIND = slice(SENTIMENT.stop, SENTIMENT.stop + len(KINDS))
SIGNAL = slice(KIND.stop, KIND.stop + len(SIGNALS))
HEADS = (SENTIMENT, KIND, SIGNAL)

# One column of weights for each head follows the logits.
WIDTH = SIGNAL.stop + len(HEADS)


def weight_column(head: slice) -> int:
    """The column that holds the weights of a head."""
    return SIGNAL.stop + HEADS.index(head)
