"""What the unshortened encoder makes of each text: vectors that the small one learns to reproduce, so that meaning survives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertModel

from models.encoder.session import batches
from models.training.loop import padded
from models.training.network import PAD

_TOKENS = 4_096


def vectors(encoder: BertModel, tokenizer: Tokenizer, texts: Sequence[str], longest: int, say: Callable[[str], None]) -> Tensor:
    """The mean of its tokens' states for each text, of shape (texts, hidden), half precision."""
    ids = [each.ids[:longest] for each in tokenizer.encode_batch(list(texts))]
    found = torch.zeros(len(texts), encoder.config.hidden_size)
    encoder.eval()
    groups = list(batches([len(each) for each in ids], _TOKENS))
    for number, group in enumerate(groups):
        tokens, mask = padded([ids[index] for index in group], PAD)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            states = encoder(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        found[group] = (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        if number % 100 == 0:
            say(f"teacher: batch {number} of {len(groups)}")
    return found.half()


def apart(found: Tensor) -> Tensor:
    """Unit vectors, half precision. All means point nearly the same way; theirs is taken off, so that unlike texts get about 0."""
    vectors = found.float()
    return torch.nn.functional.normalize(vectors - vectors.mean(0), dim=-1).half()
