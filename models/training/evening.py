"""Before rounding to int8: no dimension may be so large that it takes the resolution away from all others.

A few dimensions of a few layers are ten times as large as the rest, mostly on the marks at both ends (Dettmers et al., 2022). What a
layer is given is divided there and its weights are multiplied, which changes nothing but the rounding (Xiao et al., 2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from models.encoder.session import batches
from models.training.loop import padded
from models.training.network import PAD, Network

_USUAL = 0.98
"""Dimensions above this quantile of all are brought down to it."""
_TOKENS = 4_096


class _Evened(nn.Module):
    """A linear layer that gives what `linear` gives, of inputs divided by `scale`."""

    def __init__(self, linear: nn.Linear, scale: Tensor) -> None:
        super().__init__()
        self.linear = deepcopy(linear)
        self.linear.weight.data *= scale
        self.register_buffer("shrinking", 1 / scale)

    def forward(self, given: Tensor) -> Tensor:
        said: Tensor = self.linear(given * self.shrinking)
        return said


def evened(network: Network, tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> Network:
    """A copy whose feed-forward layers are given even inputs, judged by what these texts make of them."""
    copy: Network = deepcopy(network).eval()
    layers = [block for layer in copy.encoder.encoder.layer for block in (layer.intermediate, layer.output)]
    with ExitStack() as watched:
        largest = [watched.enter_context(_largest_given(block.dense)) for block in layers]
        ids = [each.ids[:longest] for each in tokenizer.encode_batch(list(texts))]
        for group in batches([len(each) for each in ids], _TOKENS):
            with torch.inference_mode():
                copy(*padded([ids[index] for index in group], PAD))
    for block, seen in zip(layers, largest, strict=True):
        block.dense = _Evened(block.dense, (seen / seen.quantile(_USUAL)).clamp(min=1))
    return copy


@contextmanager
def _largest_given(linear: nn.Linear) -> Iterator[Tensor]:
    """The largest magnitude of each input dimension, of shape (inputs,), filled while the context lasts."""
    largest = torch.zeros(linear.in_features)

    def look(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        torch.maximum(largest, given[0].abs().amax((0, 1)), out=largest)

    hook = linear.register_forward_pre_hook(look)
    try:
        yield largest
    finally:
        hook.remove()
