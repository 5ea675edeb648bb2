"""Pages of the report, and what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builders import a_problem, write_lines
from execution_builders import a_failure_pair, a_sample, a_verdict, an_evaluation
from failpairs.labels import Label
from failpairs.report.figures import all_figures
from failpairs.report.in_short import what_was_measured
from failpairs.report.inputs import ReportInputs, compare_run
from failpairs.report.page import render_report
from failpairs.report.run_folder import RunFolder
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation, Stratum
from failpairs.storage.files import write_json

Files = Mapping[str, Any]

CRITERIA = Criteria(confidence=0.95, equivalence_margin=0.02)
MIXED = [
    ["PASS", "PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "TIMEOUT"],
    ["PASS", "TIMEOUT", "PASS", "ASSERTION_FAIL", "PASS", "TIMEOUT"],
    ["PASS", "PASS", "PASS", "PASS", "STUB", "TIMEOUT"],
]
BASE = ["PASS", "NAME_ERROR", "ASSERTION_FAIL", "TIMEOUT", "PASS", "ASSERTION_FAIL"]
SEEDS = {
    "seed0": ["TIMEOUT", "PASS", "PASS", "TIMEOUT", "PASS", "ASSERTION_FAIL"],
    "seed1": ["PASS", "PASS", "ASSERTION_FAIL", "TIMEOUT", "PASS", "ASSERTION_FAIL"],
}
TUNING = {
    "rule": "The better one is chosen.",
    "n_pairs": 3,
    "n_problems": 2,
    "n_samples": 8,
    "base_pass_rate": 0.25,
    "candidates": [
        {
            "values": {"learning_rate": rate},
            "steps": 8,
            "held_out_margin": 0.1,
            "held_out_margin_se": None,
            "held_out_accuracy": 0.75,
            "held_out_chosen_change": -0.001,
            "gain": 0.125,
            "gain_se": 0.0625,
        }
        for rate in (1e-4, 3e-4)
    ],
    "chosen": 1,
}
FUNNEL = {
    **{part: {"all": 7, "kept": 2} for part in ("samples", "problems", "pairs")},
    "mix": {"TIMEOUT": {"failures": 3, "pairs wanted": 2, "pairs": 1}},
    "longer_wins": 0.5,
    "false_passes": {
        **{"problems": 2, "by_agreement": 1, "passed": 9, "differ": 1},
        **{"share": 0.111, "low": 0.003, "high": 0.482, "confidence": 0.95},
    },
}
MOVED = ["HumanEval/1", "HumanEval/2", "HumanEval/0"]  # fixed in all, in some, broken
UNMOVED = ["HumanEval/3", "HumanEval/5", "HumanEval/4"]  # still fail, still fail, still passes


@dataclass
class Page(HTMLParser):
    """What stands in a page: the elements, the cells of every table, and the text."""

    source: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._cell = False
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in {"td", "th", "table"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.tables[-1][-1][-1] += data

    def table_with(self, column: str) -> dict[str, dict[str, str]]:
        """The first table with this column, as rows of cells by the heads of row and column."""
        table = next(table for table in self.tables if column in table[0])
        return {row[0]: dict(zip(table[0][1:], row[1:], strict=True)) for row in table[1:]}


def page_of_run(
    base: Evaluation,
    seeds: dict[str, Evaluation],
    files: Files | None = None,
    arms: Sequence[str] = (),
    drawn: bool = False,
    again: Evaluation | None = None,
    planned: Sequence[str] = (),
    **settings: Any,
) -> tuple[str, Statistics]:
    """The page of a run as HTML, and its statistics.

    Args:
        files: of the folder of the run, by path; lists are the rows of JSONL files.
        drawn: with figures, which take time to draw.
        planned: comparisons of arms, as `compare` takes them.
        settings: other values of `ReportInputs`.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, value in (files or {}).items():
            write = write_rows if path.endswith(".jsonl") else write_json
            write(folder / path, value)
        crossed = settings.get("seeds_vary") == "both"
        run = RunFolder(folder, list(seeds), arms, crossed=crossed)
        stats = compare_run(base, seeds, run, CRITERIA, 999, 0, again, planned)
        title, subject = "What did the pairs fix?", "some/model"
        measured = what_was_measured(subject, base, seeds, len(run.pairs))
        texts = (title, measured)
        figures = all_figures(base, seeds, stats, run.pairs, run.curves, *texts) if drawn else {}
        values: dict[str, Any] = {
            "stats": stats,
            "figures": figures,
            "seeds_vary": "training",
            "ngram": 10,
            "title": title,
            "subject": subject,
            "measured": measured,
            **settings,
        }
        return render_report(ReportInputs(base, seeds, run, **values)), stats


def rendered(
    base: Evaluation, seeds: dict[str, Evaluation], *run: Any, **settings: Any
) -> tuple[Page, Statistics]:
    """What stands in the page of a run, and its statistics; arguments as of `page_of_run`."""
    page, stats = page_of_run(base, seeds, *run, **settings)
    return Page(page), stats


def write_rows(path: Path, rows: Sequence[Any]) -> None:
    """Write a JSONL file and the folders that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lines(path, *rows)


def curve(seed: str, *rows: Mapping[str, Any], folder: str = "") -> Files:
    """The training curve of a seed as a file of the run, or of the folder of an arm."""
    return {f"{folder}adapters/{seed}/train_log.jsonl": rows}


def crossed(evaluations: Mapping[str, Mapping[str, Evaluation]]) -> Files:
    """The evaluations by the seed of the pairs and that of the training, as files of the run."""
    return {
        f"pairs/{own}/eval/{name}.json": one.model_dump()
        for own, others in evaluations.items()
        for name, one in others.items()
    }


def reported(
    labels: list[list[str]],
    files: Files | None = None,
    settings: Mapping[str, Any] | None = None,
    drawn: bool = False,
    **changes: Any,
) -> tuple[Page, Statistics]:
    """The page of the base model and seeds with these labels, and of an arm that changes nothing.

    Args:
        files, settings, drawn: as of `page_of_run`.
        changes: of the evaluations.
    """
    base = an_evaluation(labels[0], **changes)
    seeds = {f"seed{i}": an_evaluation(row, **changes) for i, row in enumerate(labels[1:])}
    arm = {f"arms/shuffled/eval/{name}.json": base.model_dump() for name in seeds}
    return rendered(base, seeds, {**arm, **(files or {})}, ["shuffled"], drawn, **(settings or {}))


def page_with_everything(text: str) -> str:
    """A report with all its parts, of `BASE` and `SEEDS`; `text` is what models wrote and what
    errors said."""
    base, *tuned = (with_base_tests(humaneval(labels)) for labels in (BASE, *SEEDS.values()))
    seeds = dict(zip(SEEDS, tuned, strict=True))
    pairs = [
        a_failure_pair(label).model_copy(update={"rejected": text, "prompt": text}).model_dump()
        for label in ("TIMEOUT", "NAME_ERROR")
    ]
    steps = [{"step": i, "loss": 0.5, "reward_margin": i} for i in range(3)]
    files = {
        "pairs.jsonl": pairs,
        "curation_funnel.json": FUNNEL,
        "tuning.json": TUNING,
        **curve("seed0", *steps),
        **curve("seed1", *steps),
        **{
            f"arms/{arm}/eval/{name}.json": base.model_dump()
            for arm in ("sft", "round2")
            for name in seeds
        },
        **crossed({"seed0": {"seed1": base}, "seed1": {"seed0": seeds["seed1"]}}),
        **written({"base": base, **seeds}, text, text),
    }
    config = {"model": {"id": text.encode("ascii", "replace").decode()}}
    settings: dict[str, Any] = {"config": config, "seeds_vary": "both"}
    return page_of_run(base, seeds, files, ["sft", "round2"], drawn=True, **settings)[0]


def page_of_size(n_problems: int, n_seeds: int) -> str:
    """A report in which each seed fixed every eighth problem, with a program of its own."""
    base = humaneval([["PASS", "NAME_ERROR"][i % 8 == 0] for i in range(n_problems)])
    seeds = {f"seed{i}": humaneval(["PASS"] * n_problems) for i in range(n_seeds)}
    code = "    y = x + 1  # one more\n" * 24
    files = written({"base": base, **seeds}, code, "name 'z' is not defined")
    return page_of_run(base, seeds, files, drawn=True)[0]


def humaneval(labels: list[str]) -> Evaluation:
    """An evaluation whose problem `HumanEval/<i>` got the i-th label."""
    found = an_evaluation(labels)
    problems = [
        one.model_copy(update={"task_id": f"HumanEval/{i}"}) for i, one in enumerate(found.problems)
    ]
    return found.model_copy(update={"problems": problems})


def with_base_tests(evaluation: Evaluation) -> Evaluation:
    """An evaluation of problems with additional tests, whose every ASSERTION_FAIL is fragile."""
    failures = evaluation.counts.get(Label.ASSERTION_FAIL, 0)
    passes = evaluation.counts.get(Label.PASS, 0) + failures
    counts = {**evaluation.counts, Label.PASS: passes}
    counts.pop(Label.ASSERTION_FAIL, None)
    rate = passes / evaluation.n_problems
    base = Stratum(n_problems=evaluation.n_problems, counts=counts, pass_at_k={1: rate})
    problems = [
        one.model_copy(update={"fragile": [0] * (one.labels[0] == Label.ASSERTION_FAIL)})
        for one in evaluation.problems
    ]
    return evaluation.model_copy(update={"base_tests": base, "problems": problems})


def written(evaluations: Mapping[str, Evaluation], code: str, message: str) -> Files:
    """The problems, samples and labels of a run in which each model wrote a program of its own
    that ends with `code`."""
    details = {"exception": "NameError", "message": message, "line": 2}
    prompt = "def f(x):\n    '''</script><img src=x>'''\n"
    test = "def check(candidate):\n    assert candidate(1) == 2\n"
    common = {"prompt": prompt, "entry_point": "f", "test": test, "released": "2024-05-31"}
    files = {
        "problems/eval.jsonl": [
            a_problem(one.task_id, **common).model_dump() for one in evaluations["base"].problems
        ]
    }
    for name, evaluation in evaluations.items():
        files[f"eval/{name}/samples.jsonl"] = [
            a_sample(f"def f(x):\n    return {i}  # {name}\n{code}", one.task_id).model_dump()
            for i, one in enumerate(evaluation.problems)
        ]
        files[f"eval/{name}/exec_labels.jsonl"] = [
            a_verdict(one.labels[0], one.task_id).model_copy(update=details).model_dump()
            for one in evaluation.problems
        ]
    return files
