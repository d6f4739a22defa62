"""The network: a BERT encoder whose tokens each say a sentiment, a kind and urgency signals, with an embedding of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from models.encoder.heads import HEADS, SENTIMENT, WIDTH, weight_column

DROPOUT = 0.1
PAD = 1  # the id of <pad>
LEFT_BEHIND = ("habits.", "intents.")
"""Weights that serve training only, and depend on its data."""

WORDS = "encoder.embeddings.word_embeddings.weight"
"""The base's, in every run: see `Run`."""

_INTENT_TEMPERATURE = 0.07


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of tokens to read: row of the batch, first token, and the one after the last; each of shape (spans,)."""

    row: Tensor
    start: Tensor
    end: Tensor


class Network(nn.Module):
    """Token logits of shape (texts, tokens, WIDTH) and unit embeddings of shape (texts, hidden)."""

    def __init__(self, encoder: BertModel, sources: int, intents: int) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.Linear(hidden, WIDTH)
        self.embedding = nn.Linear(hidden, hidden)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        nn.init.eye_(self.embedding.weight)
        nn.init.zeros_(self.embedding.bias)
        # Public sets draw the line to neutral elsewhere than our corpus does: each learns its own offset; the corpus, source 0, has none.
        self.habits = nn.Embedding(sources, SENTIMENT.stop)
        nn.init.zeros_(self.habits.weight)
        # A point for each thing wanted, which texts that want it come near to (Movshovitz-Attias et al., 2017); left behind on export.
        self.intents = nn.Embedding(max(1, intents), hidden)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token logits and embeddings of a padded batch of token ids."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        return self.heads(self.dropout(states)), nn.functional.normalize(self.embedding(mean), dim=-1)

    def habit(self, source: Tensor) -> Tensor:
        """What to add to sentiment logits of a source, of shape (spans, sentiments)."""
        known = (source > 0).unsqueeze(-1)
        offsets: Tensor = self.habits(source) * known
        return offsets

    def intents_near(self, embeddings: Tensor) -> Tensor:
        """How near unit embeddings are to each intent, of shape (texts, intents), as logits."""
        points = nn.functional.normalize(self.intents.weight, dim=-1)
        return embeddings @ points.T / _INTENT_TEMPERATURE


def pool(token_logits: Tensor, spans: Spans) -> Tensor:
    """Logits of each span, of shape (spans, SIGNAL.stop): the weighted mean of its tokens' logits."""
    logits = token_logits.float()[spans.row]
    position = torch.arange(logits.shape[1])
    outside = (position < spans.start.unsqueeze(1)) | (position >= spans.end.unsqueeze(1))
    pooled = []
    for head in HEADS:
        weights = logits[..., weight_column(head)].masked_fill(outside, -torch.inf).softmax(-1)
        pooled.append((weights.unsqueeze(-1) * logits[..., head]).sum(1))
    return torch.cat(pooled, dim=-1)


def fresh_encoder(config: BertConfig) -> BertModel:
    """An encoder without weights, for a checkpoint to fill and for tests."""
    return BertModel(config, add_pooling_layer=False)
