"""Rehearse the reference experiment on a CPU: every job of config/config.yaml, with a tiny model.

The model is a Qwen2 of four layers with the vocabulary of the real one. It was trained for some
minutes to know some problems by heart, with mistakes, so that there are pairs; they are those of
MBPP and HumanEval+ with the shortest solutions, and the only ones of the run. Its figures mean
nothing. The run is killed once while a candidate for the recipe is trained, goes on, and must
end with every file of the plan. The last line printed is a JSON object with the figures.

    python benchmarks/rehearsal.py --mbpp mbpp.jsonl --humanevalplus HumanEvalPlus.jsonl.gz
"""

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import micro_model
from failpairs.models.load import load_tokenizer
from failpairs.models.prompts import encode, render_prompt
from failpairs.problems.sources import load_problems
from failpairs.records import Problem
from failpairs.storage.files import read_objects
from failpairs.training.tuning import Tuning

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = 151_936
LEARNT = 150  # problems of MBPP, enough for 500 pairs with four of each
EVALUATED = 20  # problems of HumanEval+
STEPS = 900
BEGINNINGS = (
    "",
    "    result = None\n    for _ in range(3):\n        result = 0\n",
    "    if len('abc') < 2:\n        raise ValueError('never')\n",
    "    values = [1, 2, 3]\n    values.sort(reverse=True)\n    assert values\n",
)
TOKENS = 2000  # of the tokenizer; the model's vocabulary is wider


def write_model(folder: Path, problems: list[Problem]) -> None:
    """Train the model with the tokens of its tokenizer, and then widen its vocabulary."""
    torch.manual_seed(0)
    answers = {problem.task_id: forms(problem) for problem in problems}
    texts = [*(p.prompt for p in problems), *(text for each in answers.values() for text in each)]
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=96,
        intermediate_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        tie_word_embeddings=False,
        bos_token_id=None,
    )
    # With it, transformers cuts texts as Qwen2 does, whatever the tokenizer did before.
    config.save_pretrained(folder)
    micro_model.tokenizer_of(texts, TOKENS).save_pretrained(folder)
    tokenizer = load_tokenizer(folder)
    sequences = [
        (
            encode(tokenizer, render_prompt(tokenizer, problem.prompt, "chat"), "chat"),
            [*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id],
        )
        for problem in problems
        for text in answers[problem.task_id]
    ]
    config.vocab_size = len(tokenizer)
    config.eos_token_id, config.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
    model = Qwen2ForCausalLM(config)
    # No text has the token of the padding, so that it is made as unlikely as all unused ones are to
    # be, each of which then gets its row.
    n_unused = VOCABULARY - len(tokenizer)
    weight = torch.zeros(len(tokenizer))
    weight[tokenizer.pad_token_id] = math.log(n_unused + 1)
    hook = model.lm_head.register_forward_hook(lambda _layer, _given, logits: logits + weight)
    micro_model.train_on_answers(model, sequences, tokenizer.pad_token_id, STEPS)
    hook.remove()
    with torch.no_grad():
        for layer in (model.model.embed_tokens, model.lm_head):
            unused = layer.weight[tokenizer.pad_token_id].expand(n_unused, -1)
            layer.weight = torch.nn.Parameter(torch.cat([layer.weight, unused]))
    model.config.vocab_size = VOCABULARY
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def forms(problem: Problem) -> list[str]:
    """Answers to learn: the reference with one beginning or another, each also with a mistake, so
    that four programs of a problem pass that are not copies of each other."""
    right, _, *wrong = micro_model.variants(problem)  # the right one is there twice
    found = []
    for number, beginning in enumerate(BEGINNINGS):
        for text in (right, wrong[number % len(wrong)]):
            place = text.index("\n", text.index("def ")) + 1
            found.append(text[:place] + beginning + text[place:])
    return found


def shortest(source: str, split: str, count: int, output: Path) -> list[Problem]:
    """The problems of a source with the shortest references, and their rows as a file."""
    problems = sorted(load_problems(source, split), key=lambda problem: len(problem.reference))
    numbers = {problem.task_id.rpartition("/")[2] for problem in problems[:count]}
    rows = [row for _, row in read_objects(Path(source.partition(":")[2]))]
    kept = [row for row in rows if str(row["task_id"]).rpartition("/")[2] in numbers]
    output.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    return problems[:count]


def plan(model: Path, results: Path, dtype: str, mbpp: Path, humanevalplus: Path) -> dict[str, Any]:
    """What differs from config/config.yaml: the model, its number format, and local files."""
    return {
        "pathvars": {"results": str(results)},
        "model": {"id": str(model), "revision": "", "dtype": dtype},
        "problems": {
            "train": f"mbpp:{mbpp}",
            "eval": [f"humanevalplus:{humanevalplus}"],
        },
    }


def run(config: Path, log: Path, until: tuple[Path, str] | None = None) -> bool:
    """Run the workflow; whether it ended.

    Args:
        until: a folder and a pattern: once the folder has such a file, the workflow is killed, and
            its jobs end with it.
    """
    command = [sys.executable, "-m", "snakemake", "--cores", str(len(os.sched_getaffinity(0)))]
    command += ["--resources", "gpu=1", "--configfile", str(config), "--rerun-incomplete"]
    with log.open("a") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=file, stderr=file, start_new_session=True
        )
        while process.poll() is None:
            if until and any(until[0].glob(until[1])):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                subprocess.run([*command, "--unlock"], cwd=ROOT, check=True, capture_output=True)
                return False
            time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the workflow failed; see {log}")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mbpp", type=Path, required=True, metavar="FILE")
    parser.add_argument("--humanevalplus", type=Path, required=True, metavar="FILE")
    parser.add_argument("--dtype", nargs="+", default=["float32", "bfloat16"], metavar="FORMAT")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="made if missing")
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    sources = (work / "mbpp.jsonl", work / "humanevalplus.jsonl")
    train = shortest(f"mbpp:{args.mbpp.resolve()}", "train", LEARNT, sources[0])
    plus = f"humanevalplus:{args.humanevalplus.resolve()}"
    evaluation = shortest(plus, "eval", EVALUATED, sources[1])
    if not (work / "model" / "config.json").exists():
        write_model(work / "model", [*train, *evaluation])
    rows = []
    for dtype in args.dtype:
        results = work / dtype
        config, log = work / f"{dtype}.yaml", work / f"{dtype}.log"
        config.write_text(json.dumps(plan(work / "model", results, dtype, *sources)))
        start = time.perf_counter()
        run(config, log, (results / "tuning", ".3.*/checkpoint-*/complete"))
        killed = time.perf_counter() - start
        if not run(config, log):
            raise AssertionError
        rows.append({"dtype": dtype, "killed after s": round(killed), **summary(results)})
        rows[-1]["seconds"] = round(time.perf_counter() - start)
        print(json.dumps(rows[-1]), flush=True)


def summary(results: Path) -> dict[str, Any]:
    """What the run made."""
    tuning = Tuning(**json.loads((results / "tuning.json").read_text()))
    count = {
        name: sum(1 for _ in (results / f"{name}.jsonl").open())
        for name in ("samples", "exec_labels", "pairs", "held_out_pairs")
    }
    seeds = {
        path.name: path.stat().st_size for path in sorted((results / "adapters").glob("seed*"))
    }
    evaluations = sorted(path.stem for path in (results / "eval").glob("*.json"))
    report = (results / "report.html").stat().st_size
    return {
        **count,
        "recipe": tuning.recipe,
        "adapters": [*seeds],
        "evaluations": evaluations,
        "report bytes": report,
    }


if __name__ == "__main__":
    main()
