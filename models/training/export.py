"""The network as the folder that ships: int8 ONNX weights, tokenizer and configuration, laid out as Transformers has them."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from models.encoder.heads import KINDS, SENTIMENTS, SIGNALS
from models.encoder.session import TOKENIZER, WEIGHTS
from models.training.network import Network

FLOAT_WEIGHTS = Path("onnx") / "model.onnx"


class _AtWork(nn.Module):
    """What the folder's network gives: token logits and embedding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        logits, embedding = self.network(input_ids, attention_mask)
        return logits, embedding


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the folder; the float weights beside the int8 ones stay for comparison until they are removed."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    (folder / "config.json").write_text(json.dumps(_configuration(network), indent=2, ensure_ascii=False) + "\n", "utf-8")
    _to_onnx(network, folder / FLOAT_WEIGHTS)
    _to_int8(folder / FLOAT_WEIGHTS, folder / WEIGHTS)


def _configuration(network: Network) -> dict[str, object]:
    known: dict[str, object] = network.encoder.config.to_diff_dict()
    return known | {
        "architectures": ["AllEarsForFeedback"],
        "id2label": {str(index): label.value for index, label in enumerate(SENTIMENTS)},
        "kinds": [kind.value for kind in KINDS],
        "signals": list(SIGNALS),
    }


def _to_onnx(network: Network, path: Path) -> None:
    network.encoder.config._attn_implementation = "eager"  # noqa: SLF001  # the others leave an untraceable mask in the graph
    ids = torch.ones((3, 17), dtype=torch.long)
    texts, tokens = torch.export.Dim("texts", min=1, max=4096), torch.export.Dim("tokens", min=2, max=512)
    shapes = {"input_ids": {0: texts, 1: tokens}, "attention_mask": {0: texts, 1: tokens}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _AtWork(network).eval(),
            (ids, torch.ones_like(ids)),
            path,
            input_names=["input_ids", "attention_mask"],
            output_names=["token_logits", "sentence_embedding"],
            dynamo=True,
            dynamic_shapes=shapes,
            external_data=False,
            verbose=False,
        )
    model = onnx.load(path)
    del model.graph.value_info[:]  # the quantiser trips over the shapes that the exporter noted
    for node in model.graph.node:
        del node.metadata_props[:]  # which lines of which files on this machine it comes from
    onnx.save(model, path)


def _to_int8(path: Path, quantised: Path) -> None:
    quantize_dynamic(
        path,
        quantised,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )
