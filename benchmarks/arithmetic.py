"""How much of the machine's arithmetic the reference model and training use.

The embedded model scores pairs of the starter bank and is trained on them, in two sizes, so that
what starts a job does not count. A token takes two operations a weight forwards and, since only the
adapter is trained, two more backwards; the weights that make logits count only for answers. The
last line printed is a JSON object with all figures.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import torch
from trainer import RECIPE, starter_pairs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.models.load import load_model, load_tokenizer
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.provenance.protocol import write_meta
from failpairs.records import Pair
from failpairs.storage.files import write_jsonl
from failpairs.training.encoding import encode_pairs, n_tokens
from failpairs.training.reference_logprobs import reference_of
from failpairs.training.train_adapter import PairSet, Run, train_adapter

FORWARD, BACKWARD = 2, 2  # operations a weight and token


def limit() -> float:
    """Operations per second of a product of two matrices, the best of ten."""
    one, other = torch.rand(2048, 2048), torch.rand(2048, 2048)
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        torch.mm(one, other)
        seconds.append(time.perf_counter() - start)
    return 2 * 2048**3 / min(seconds)


def measure(model: Path, pairs: list[Pair], folder: Path) -> dict[str, float]:
    """Seconds of the reference and of one epoch, and the bytes of what they write."""
    folder.mkdir()
    start = time.perf_counter()
    rows, meta = reference_of(model, pairs, "float32", "chat", RECIPE.micro_batch_size)
    middle = time.perf_counter()
    reference = folder / "reference_logps.jsonl"
    write_meta(reference, meta)
    write_jsonl(reference, rows)
    run = Run(model, "float32", "chat", RECIPE, "preference", 0, "benchmark")
    train_adapter(run, PairSet(pairs, [], reference), folder / "seed0", {})
    return {
        "reference": middle - start,
        "training": time.perf_counter() - middle,
        "reference_bytes": reference.stat().st_size / len(pairs),
        "adapter_bytes": (folder / "seed0" / "adapter_model.safetensors").stat().st_size,
    }


def products(model: Path, pairs: list[Pair]) -> int:
    """Products of a weight and a number in computing the pairs forwards."""
    loaded = load_model(model, "float32")
    of_logits = loaded.get_output_embeddings().weight.numel()
    encoded = encode_pairs(load_tokenizer(model), pairs, "chat")
    answers = sum(len(pair[side]) for pair in encoded for side in ("chosen_ids", "rejected_ids"))
    others = loaded.num_parameters() - of_logits
    return others * sum(map(n_tokens, encoded)) + of_logits * answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, metavar="DIR", help="a prepared model")
    parser.add_argument("--pairs", type=int, nargs=2, default=[16, 48], metavar="N")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), metavar="N")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        model = args.model or work / "model"
        if args.model is None:
            prepare_model(EMBEDDED, "", model)
        pairs = starter_pairs(load_tokenizer(model), max(args.pairs))
        measure(model, pairs[: RECIPE.batch_size], work / "warm")  # imports
        few, many = (measure(model, pairs[:count], work / str(count)) for count in args.pairs)
        count = products(model, pairs[args.pairs[0] : args.pairs[1]])
    peak = limit()
    shares = {
        name: count * operations / (many[name] - few[name]) / peak
        for name, operations in (("reference", FORWARD), ("training", FORWARD + BACKWARD))
    }
    print("| stage | seconds, 2 sizes | share of the arithmetic limit |\n| --- | --- | --- |")
    for name, share in shares.items():
        print(f"| {name} | {few[name]:.1f}, {many[name]:.1f} | {share:.2f} |")
    sizes = [few, many]
    print(json.dumps({"operations_per_s": peak, "shares": shares, "sizes": sizes}))


if __name__ == "__main__":
    main()
