"""The run itself: batches, losses, the averaged weights, and checkpoints from which an interrupted run goes on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.encoder.heads import KIND, SENTIMENT, SIGNAL, SIGNALS
from models.training.augment import company, joined_kind, joined_sentiment, retyped
from models.training.examples import CORPUS, Example
from models.training.network import PAD, Network, Spans, pool
from models.training.recipe import Recipe, Stage

_SORTED_TOGETHER = 3_000
_WARM_UP = 0.06
_CHECKPOINT_STEPS = 200
_UNKNOWN = -100  # what cross_entropy leaves out


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids of one text or of several joined, and each span to read: (start, end, sentiment, kind, signals).

    The marks at both ends are in no span: words shall carry the opinion, so that it can be shown where it stands.
    """

    ids: list[int]
    spans: list[tuple[int, int, int | None, int | None, tuple[int, ...] | None]]
    source: int
    teacher: int | None
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What every step of a run shares. `teacher` holds a unit vector for each text in `known`; `intents` numbers what may be wanted."""

    recipe: Recipe
    tokenizer: Tokenizer
    sources: dict[str, int]
    teacher: Tensor
    known: dict[str, int]
    intents: dict[str, int]


def rows_of(work: Work, stage: Stage, corpus: Sequence[Example], public: dict[str, list[Example]], chance: random.Random) -> list[Row]:
    """One epoch's rows: drawn, retyped, tokenised."""
    examples = list(corpus) * int(stage.corpus)
    for name, count in stage.public.items():
        examples += chance.sample(public[name], min(count, len(public[name]))) if name in public else []
    return [_row(work, [example, *company(example, examples, chance, stage.joined)], chance) for example in examples]


def _row(work: Work, told: Sequence[Example], chance: random.Random) -> Row:
    """One message, or as many of several as there is room for, one after the other."""
    first, *others = told
    start, *words, end = work.tokenizer.encode(retyped(first.text, chance)).ids
    room = work.recipe.longest - 2
    stretches = [(first, words[:room])]
    for other in others:
        more = work.tokenizer.encode(retyped(other.text, chance)).ids[1:-1]
        if sum(len(each) for _, each in stretches) + len(more) <= room:
            stretches.insert(chance.randint(0, len(stretches)), (other, more))
    ids = [start]
    spans: list[tuple[int, int, int | None, int | None, tuple[int, ...] | None]] = []
    for example, each in stretches:
        spans.append((len(ids), len(ids) + len(each), example.sentiment, example.kind, example.signals))
        ids += each
    source = work.sources[first.source]
    if len(stretches) == 1:
        return Row([*ids, end], spans, source, work.known.get(first.text), first.intent)
    sentiments = [span[2] for span in spans if span[2] is not None]
    whole = (1, len(ids), joined_sentiment(sentiments), joined_kind([span[3] for span in spans]), None)
    return Row([*ids, end], [whole, *spans], source, None)


def batches(rows: list[Row], tokens: int, chance: random.Random) -> Iterator[list[Row]]:
    """Rows of like length together, in random order; no padded batch holds more than `tokens`."""
    chance.shuffle(rows)
    found: list[list[Row]] = []
    for start in range(0, len(rows), _SORTED_TOGETHER):
        batch: list[Row] = []
        for row in sorted(rows[start : start + _SORTED_TOGETHER], key=lambda each: len(each.ids)):
            if batch and (len(batch) + 1) * len(row.ids) > tokens:
                found.append(batch)
                batch = []
            batch.append(row)
        if batch:
            found.append(batch)
    chance.shuffle(found)
    yield from found


def padded(sequences: Sequence[list[int]], pad: int) -> tuple[Tensor, Tensor]:
    """Token ids and mask of shape (rows, longest)."""
    longest = max(map(len, sequences))
    ids = torch.tensor([each + [pad] * (longest - len(each)) for each in sequences])
    mask = torch.tensor([[1] * len(each) + [0] * (longest - len(each)) for each in sequences])
    return ids, mask


def loss_of(network: Network, work: Work, batch: Sequence[Row], stage: Stage) -> Tensor:
    """The weighted sum of the losses of sentiment, kind, signals and embedding."""
    ids, mask = padded([row.ids for row in batch], PAD)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        token_logits, embeddings = network(ids, mask)
    flat = [(index, *span) for index, row in enumerate(batch) for span in row.spans]
    spans = Spans(*(torch.tensor([each[column] for each in flat]) for column in range(3)))
    logits = pool(token_logits, spans)
    habit = network.habit(torch.tensor([batch[each[0]].source for each in flat]))
    sentiments = torch.tensor([_UNKNOWN if each[3] is None else each[3] for each in flat])
    kinds = torch.tensor([_UNKNOWN if each[4] is None else each[4] for each in flat])
    total = functional.cross_entropy(logits[:, SENTIMENT] + habit, sentiments, label_smoothing=0.05, reduction="sum")
    total = total / max(1, int((sentiments != _UNKNOWN).sum()))
    if (kinds != _UNKNOWN).any():
        total = total + work.recipe.kind_weight * functional.cross_entropy(logits[:, KIND], kinds, label_smoothing=0.05)
    signalled = [(index, each[5]) for index, each in enumerate(flat) if each[5] is not None]
    if signalled:
        truth = torch.zeros(len(signalled), len(SIGNALS))
        for row, (_, signals) in enumerate(signalled):
            truth[row, list(signals or ())] = 1.0
        said = logits[[index for index, _ in signalled], SIGNAL]
        missed = functional.binary_cross_entropy_with_logits(said, truth, reduction="sum") / len(signalled)
        total = total + work.recipe.signal_weight * missed
    taught = [(index, row.teacher) for index, row in enumerate(batch) if row.teacher is not None]
    if taught and stage.embeddings:
        mine = embeddings[[index for index, _ in taught]].float()
        theirs = work.teacher[[place for _, place in taught]].float()
        total = total + stage.embeddings * (1 - (mine * theirs).sum(-1)).mean()
    wanted = [(index, work.intents[row.intent]) for index, row in enumerate(batch) if row.intent is not None]
    if wanted:
        alike = network.intents_near(embeddings[[index for index, _ in wanted]].float())
        total = total + work.recipe.intent_weight * functional.cross_entropy(alike, torch.tensor([intent for _, intent in wanted]))
    return total


@dataclass(slots=True)
class Progress:
    """Where a run stands: stages done, epochs of the present stage done."""

    stage: int = 0
    epoch: int = 0


class Run:
    """A network in training, with its averaged twin."""

    def __init__(self, network: Network, work: Work, folder: Path, *, begun: bool = False) -> None:
        """`begun` where the network has learnt before."""
        self.network, self.work, self.folder = network, work, folder
        self.begun = deepcopy(network.state_dict()) if begun else None
        self.average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(work.recipe.averaging))
        self.done = Progress()
        self._checkpoint = folder / "checkpoint.pt"

    def resume(self) -> bool:
        """Take up the last checkpoint, if there is one."""
        if not self._checkpoint.is_file():
            return False
        state = torch.load(self._checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.done = Progress(**state["done"])
        return True

    def train(self, corpus: Sequence[Example], public: dict[str, list[Example]], say: Callable[[str], None]) -> None:
        """Every stage that is not done yet."""
        for number, stage in enumerate(self.work.recipe.stages):
            if number >= self.done.stage:
                self._stage(number, stage, corpus, public, say)

    def _stage(
        self, number: int, stage: Stage, corpus: Sequence[Example], public: dict[str, list[Example]], say: Callable[[str], None]
    ) -> None:
        optimizer = self._optimizer(stage)
        for epoch in range(self.done.epoch, stage.epochs):
            chance = random.Random(f"{self.work.recipe.seed}-{number}-{epoch}")  # noqa: S311  # reproducible, not secret
            torch.manual_seed(chance.getrandbits(32))
            rows = rows_of(self.work, stage, corpus, public, chance)
            these = list(batches(rows, self.work.recipe.tokens_per_batch, chance))
            self.network.train()
            losses: list[float] = []
            for step, batch in enumerate(these):
                _set_rate(optimizer, stage.learning_rate * _schedule((epoch + step / len(these)) / stage.epochs))
                losses.append(self._step(optimizer, batch, stage))
                if step % _CHECKPOINT_STEPS == 0:
                    recent = float(np.mean(losses[-_CHECKPOINT_STEPS:]))
                    say(f"{stage.name}, epoch {epoch + 1} of {stage.epochs}, step {step} of {len(these)}: loss {recent:.3f}")
            self.done = Progress(number, epoch + 1)
            self._save()
        torch.save(self.average.module.state_dict(), self._after(number))
        self.done = Progress(number + 1, 0)
        self._save()

    def blended(self) -> Network:
        """The averaged weights with the recipe's share of those after the first stage, or before it; the run itself stays as it is."""
        network: Network = deepcopy(self.average.module)
        share = self.work.recipe.blended
        if share:
            first = self.begun or torch.load(self._after(0), weights_only=True)
            network.load_state_dict({name: torch.lerp(late, first[name], share) for name, late in network.state_dict().items()})
        return network

    def _after(self, number: int) -> Path:
        return self.folder / f"after-stage-{number}.pt"

    def _step(self, optimizer: torch.optim.Optimizer, batch: Sequence[Row], stage: Stage) -> float:
        loss = loss_of(self.network, self.work, batch, stage)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimizer.step()
        self.average.update_parameters(self.network)
        return float(loss.detach())

    def _optimizer(self, stage: Stage) -> torch.optim.AdamW:
        """The word embeddings stay as they are: most words of a customer are in no training text, and must not be left behind."""
        self.network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        new = [
            *self.network.heads.parameters(),
            *self.network.embedding.parameters(),
            *self.network.habits.parameters(),
            *self.network.intents.parameters(),
        ]
        old = [each for each in self.network.encoder.parameters() if each.requires_grad]
        return torch.optim.AdamW([{"params": old, "share": 1.0}, {"params": new, "share": 5.0}], lr=stage.learning_rate, weight_decay=0.01)

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "done": {"stage": self.done.stage, "epoch": self.done.epoch},
        }
        torch.save(state, self._checkpoint.with_suffix(".part"))
        self._checkpoint.with_suffix(".part").replace(self._checkpoint)


def _schedule(done: float) -> float:
    return done / _WARM_UP if done < _WARM_UP else 0.02 + 0.98 * (1 - done) / (1 - _WARM_UP)


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]


def sources_of(names: Sequence[str]) -> dict[str, int]:
    """A number for each source of labels; the corpus is 0."""
    return {CORPUS: 0} | {name: number for number, name in enumerate(sorted(names), 1)}
