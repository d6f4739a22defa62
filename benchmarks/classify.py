"""How fast the built-in model classifies short messages: beside the bare network, beside a PyTorch pipeline, and as `allears classify`.

Run: python benchmarks/classify.py [--rows N] [--model NAME] [--corpus FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from process_tree import PeakMemory

from models.corpus import FOLDER, messages
from models.encoder.session import TOKENIZER, WEIGHTS, batches
from models.registry import BUILTIN, load

LEAST_SHARE_OF_BARE = 0.85
ROWS = 20_000
TEXTS = 2_000
ROUNDS = 3
SINGLE = 200
LONGEST = 280
"""Characters of a short message."""
TORCH_TEXTS = 320
"""The pipeline is slow; the first of the same texts will do."""
TORCH_BATCH = 32
TORCH_TOKENS = 256
Work = Callable[[], object]


def main(rows: int, model: str, corpus: Path) -> int:
    """Measure once and print a table; 1 if a bar is missed."""
    began = time.perf_counter()
    classifier = load(model)
    loaded = time.perf_counter() - began
    classifier.predict(["Where is my parcel?"])
    answered = time.perf_counter() - began
    tell("Load the model", f"{loaded:.2f} s")
    tell("the same, to its first answer", f"{answered:.2f} s")

    texts = list(varied(corpus, TEXTS))
    single = sorted(seconds(lambda text=text: classifier.predict([text])) for text in texts[:SINGLE])
    tell("One message alone, p50", f"{1_000 * single[len(single) // 2]:.1f} ms")
    tell("One message alone, p95", f"{1_000 * single[int(0.95 * len(single))]:.1f} ms")

    folder = BUILTIN if model == "builtin" else Path(model)
    ways: dict[str, Work] = {"product": lambda: classifier.predict(texts), "bare": bare_loop(folder, texts)}
    if find_spec("torch"):
        ways["torch"] = torch_pipeline(folder, texts[:TORCH_TEXTS])
    else:
        print("PyTorch is not installed: no pipeline to compare with")
    counts = {"product": TEXTS, "bare": TEXTS, "torch": TORCH_TEXTS}
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):  # one after the other, so that a busy neighbour slows all of them
        for name, work in ways.items():
            speeds[name].append(counts[name] / seconds(work))
    for name, each in speeds.items():
        tell(f"Messages a second, {name}", f"{statistics.median(each):,.0f}")
    share = ratio(speeds["product"], speeds["bare"])
    tell("Speed, product to bare network", f"{share:.2f}", f">= {LEAST_SHARE_OF_BARE}")
    if "torch" in speeds:
        tell("Speed, product to PyTorch pipeline", f"{ratio(speeds['product'], speeds['torch']):.1f}")
    classify_file(rows, model, corpus)
    return int(share < LEAST_SHARE_OF_BARE)


def tell(what: str, figure: str, bar: str = "") -> None:
    """One line of the table."""
    print(f"{what:<40}{figure:>16}   {bar}", flush=True)


def seconds(work: Work) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times as fast the one is as the other: the median over the rounds."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def varied(corpus: Path, count: int) -> Iterator[str]:
    """Short corpus messages, the same in every run; each has slips of the pen of its own and a number, so that no cache knows its words."""
    chance = random.Random(7)
    short = [each.text for each in messages(corpus) if len(each.text) <= LONGEST]
    for number in range(count):
        words = chance.choice(short).split(" ")
        for at in chance.sample(range(len(words)), min(3, len(words))):
            words[at] = slipped(words[at], chance)
        yield f"{' '.join(words)} {100_000 + number}"


def slipped(word: str, chance: random.Random) -> str:
    """The word with two neighbouring letters exchanged."""
    at = chance.randrange(max(len(word) - 1, 1))
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def bare_loop(folder: Path, texts: Sequence[str]) -> Work:
    """The network alone, over batches tokenised, sorted by length and padded beforehand, with as many one-thread workers as the product."""
    import onnxruntime  # noqa: PLC0415  # its loading is part of what is measured first
    from tokenizers import Tokenizer  # noqa: PLC0415  # the same

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(folder / WEIGHTS, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    encoded = [each.ids[:256] for each in tokenizer.encode_batch(list(texts))]
    feeds = [padded([encoded[index] for index in group]) for group in batches([len(ids) for ids in encoded])]
    pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
    return lambda: list(pool.map(lambda feed: session.run(None, feed), feeds))


def padded(rows: Sequence[Sequence[int]]) -> dict[str, np.ndarray]:
    """A batch as the network takes it."""
    ids = np.ones((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def torch_pipeline(folder: Path, texts: Sequence[str]) -> Work:
    """What one would write without us: a `transformers` pipeline, float32, on a network of the same size with random weights."""
    from transformers import (  # noqa: PLC0415  # only where torch is there
        BertConfig,
        BertForSequenceClassification,
        PreTrainedTokenizerFast,
        pipeline,
    )

    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / TOKENIZER), model_max_length=TORCH_TOKENS)
    tokenizer.add_special_tokens({"pad_token": "<pad>", "unk_token": "<unk>"})
    known = json.loads((folder / "config.json").read_text("utf-8"))
    network = BertForSequenceClassification(BertConfig(**{name: known[name] for name in known if name in BertConfig().to_dict()}))
    classify = pipeline("text-classification", model=network.eval(), tokenizer=tokenizer, device="cpu", batch_size=TORCH_BATCH)
    return lambda: classify(list(texts), truncation=True)


def classify_file(rows: int, model: str, corpus: Path) -> None:
    """`allears classify` over a CSV file of so many rows, as a process of its own."""
    with tempfile.TemporaryDirectory(prefix="allears-classify-") as name:
        source = Path(name) / "in.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "text"))
            writer.writerows(enumerate(varied(corpus, rows)))
        named = str(Path(model).absolute()) if Path(model).is_dir() else model
        command = [Path(sys.executable).with_name("allears"), "classify", source, "-o", Path(name) / "out.csv", "--model", named]
        began = time.monotonic()
        with subprocess.Popen([*command, "--json"], cwd=name, stdout=subprocess.PIPE) as process, PeakMemory(process.pid) as memory:
            answer, _ = process.communicate()
        wall = time.monotonic() - began
        assert json.loads(answer)["rows"] == rows, answer
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    tell(f"allears classify, {rows:,} rows", f"{wall:.1f} s")
    tell("the same, rows a second", f"{rows / wall:,.0f}")
    tell("the same, rows per CPU-second", f"{rows / (used.ru_utime + used.ru_stime):,.0f}")
    tell("the same, peak memory", f"{memory.peak:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS, help="rows through `allears classify`")
    parser.add_argument("--model", default="builtin", help="another folder that `allears train` wrote")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="another folder of messages in the corpus's form")
    given = parser.parse_args()
    sys.exit(main(given.rows, given.model, given.corpus))
