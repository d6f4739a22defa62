"""A whole training run: data in; model, metrics and manifest out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from allears.errors import ConfigurationError
from models.corpus import FOLDER, Message, messages, read_file
from models.encoder.session import Session
from models.training import manifest
from models.training.base import Source, shrink
from models.training.calibrate import calibrate
from models.training.evening import evened
from models.training.examples import CORPUS, Example, of_message, public_examples
from models.training.export import FLOAT_WEIGHTS, export
from models.training.loop import Run, Work, sources_of
from models.training.network import LEFT_BEHIND, WORDS, Network
from models.training.pieces import common_words, kept_pieces
from models.training.recipe import Recipe
from models.training.teacher import apart, vectors

_TEACHER = "teacher.pt"
_WEIGHTS = "weights.pt"


def train(
    recipe: Recipe,
    source: Source,
    out: Path,
    work: Path,
    *,
    public: Path | None,
    corrections: Path | None = None,
    begin: Sequence[Path] = (),
    others: Sequence[Path] = (),
    say: Callable[[str], None],
) -> None:
    """Train by a recipe, from the encoder in `source`, and write the model's folder `out`.

    `work` keeps checkpoints: the same call again goes on where an interrupted run stood. `public` is a folder of public sets;
    `corrections` is a file of the business's own messages, rows as in the corpus. `begin` are work folders of finished runs, from the
    mean of whose weights it begins; `others` such with whose weights it is averaged at the end (Wortsman et al., 2022); a folder
    named twice counts twice. Raises ConfigurationError.
    """
    work.mkdir(parents=True, exist_ok=True)
    before, beside = [_weights(each) for each in begin], [_weights(each) for each in others]
    taught = [*messages(split="train"), *(read_file(corrections) if corrections else ())]
    corpus = [of_message(message) for message in taught]
    sets = _drawn(recipe, public_examples(public)) if public else {}
    needed = [*(each.text for each in corpus), *common_words(recipe.base.common_words)]
    encoder, tokenizer = shrink(source, recipe.base.layers, kept_pieces(source.pieces, recipe.base.scripts, needed))
    texts = sorted({each.text for each in [*corpus, *(example for examples in sets.values() for example in examples)]})
    teacher = _teacher(recipe, source, texts, work / _TEACHER, say)
    torch.manual_seed(recipe.seed)
    sources = sources_of(list(sets))
    wanted = sorted({each.intent for examples in sets.values() for each in examples if each.intent})
    known, intents = {text: at for at, text in enumerate(texts)}, {intent: at for at, intent in enumerate(wanted)}
    network = begun_from(before, Network(encoder, len(sources), len(intents)))
    run = Run(network, Work(recipe, tokenizer, sources, teacher, known, intents), work, begun=bool(begin))
    if run.resume():
        say("going on from the last checkpoint")
    run.train(corpus, sets, say)
    network = run.blended()
    torch.save(network.state_dict(), work / _WEIGHTS)
    data = {f"corpus/{path.name}": path for path in sorted(FOLDER.glob("*.jsonl"))}
    if public:
        data |= {f"public/{path.name}": path for path in sorted(public.iterdir()) if path.suffix == ".csv"}
    if corrections:
        data["corrections"] = corrections
    rows = {CORPUS: len(corpus)} | {name: len(examples) for name, examples in sets.items()}
    manifest.write(work, recipe, data, rows, begin)
    dev = list(messages(split="dev"))
    even = evened(averaged(network, beside), tokenizer, [message.text for message in dev], recipe.longest)
    _finish(even, tokenizer, out, work, dev, say)
    manifest.publish(out, [work, *others])


def _drawn(recipe: Recipe, sets: dict[str, list[Example]]) -> dict[str, list[Example]]:
    """Of each public set as many examples as the stage that uses most of it."""
    chance = random.Random(recipe.seed)  # noqa: S311  # reproducible, not secret
    wanted = {name: max(stage.public.get(name, 0) for stage in recipe.stages) for name in sets}
    return {name: chance.sample(examples, min(wanted[name], len(examples))) for name, examples in sets.items()}


def _teacher(recipe: Recipe, source: Source, texts: list[str], kept: Path, say: Callable[[str], None]) -> torch.Tensor:
    """What the whole encoder makes of each text; of texts that it read before, in this work folder, what it made of them then."""
    known: dict[str, torch.Tensor] = {}
    if kept.is_file():
        stored = torch.load(kept, weights_only=True)
        known = dict(zip(stored["texts"], stored["vectors"], strict=True))
    if new := [text for text in texts if text not in known]:
        encoder, tokenizer = shrink(source, range(source.layers), source.pieces)
        known |= zip(new, vectors(encoder, tokenizer, new, recipe.longest, say), strict=True)
        torch.save({"texts": texts, "vectors": torch.stack([known[text] for text in texts])}, kept)
    return apart(torch.stack([known[text] for text in texts]))


def _weights(work: Path) -> dict[str, torch.Tensor]:
    try:
        found: dict[str, torch.Tensor] = torch.load(work / _WEIGHTS, weights_only=True)
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{work} holds no finished run: {error.filename} is missing. Train it first, with --work {work}."
        ) from error
    return found


def begun_from(runs: Sequence[dict[str, torch.Tensor]], network: Network) -> Network:
    """The network with the mean of the weights of these runs, where there are any. Raises ConfigurationError."""
    if runs:
        mine = network.state_dict()
        same = {name: runs[0][name] for name in mine if name.startswith(LEFT_BEHIND) and runs[0][name].shape == mine[name].shape}
        network.load_state_dict(mine | _mean(mine, runs) | same)
    return network


def averaged(network: Network, others: Sequence[dict[str, torch.Tensor]]) -> Network:
    """The mean of its weights and those of other runs; what is left behind on export stays its own. Raises ConfigurationError."""
    mine = network.state_dict()
    network.load_state_dict(mine | _mean(mine, [mine, *others]))
    return network


def _mean(like: dict[str, torch.Tensor], runs: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of what ships of these runs, but for the words, which are the base's in all of them."""
    names = [name for name in like if not name.startswith(LEFT_BEHIND) and name != WORDS]
    if any(name not in run or run[name].shape != like[name].shape for run in runs for name in names):
        raise ConfigurationError("These runs began with other layers: their weights have no mean. Train with the same [base] layers.")
    return {name: torch.stack([run[name] for run in runs]).mean(0) for name in names}


def _finish(network: Network, tokenizer: Tokenizer, out: Path, work: Path, dev: Sequence[Message], say: Callable[[str], None]) -> None:
    """The folder that ships, calibrated; its weights before rounding stay in `work`."""
    say("exporting")
    export(network, tokenizer, out)
    say("calibrating")
    calibrate(Session(out), dev).write(out)
    (out / FLOAT_WEIGHTS).rename(work / FLOAT_WEIGHTS.name)
