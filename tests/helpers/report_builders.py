"""Pages of the report, and what stands in them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from builders import a_problem
from execution_builders import a_failure_pair, a_sample, a_verdict, an_evaluation
from failpairs.report.figures import all_figures
from failpairs.report.moved_problems import MovedProblem, cases
from failpairs.report.page import ReportInputs, render_report
from failpairs.report.pair_examples import examples
from failpairs.statistics.comparison import Statistics, compare
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation

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
MOVED = ["HumanEval/1", "HumanEval/2", "HumanEval/0"]  # fixed in all, in some, broken


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
        self._cell = self._cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.tables[-1][-1][-1] += data

    def table_with(self, column: str) -> dict[str, dict[str, str]]:
        """The first table with this column, as rows of cells by the heads of row and column."""
        table = next(table for table in self.tables if column in table[0])
        return {row[0]: dict(zip(table[0][1:], row[1:], strict=True)) for row in table[1:]}


def rendered(
    base: Evaluation, seeds: dict[str, Evaluation], material: dict[str, Any], **parts: Any
) -> tuple[Page, Statistics]:
    """The page; `material` is what it shows besides the statistics, `parts` what these are of.
    With curves it has figures, which take time to draw."""
    curves = parts.get("curves", {})
    statistics = compare(base, seeds, CRITERIA, 999, seed=0, **parts)
    figures = all_figures(base, seeds, statistics, parts.get("pairs", ()), curves) if curves else {}
    shown = ReportInputs(figures=figures, curves=curves, **material)
    return Page(render_report(base, seeds, statistics, shown)), statistics


def reported(
    labels: list[list[str]],
    material: dict[str, Any] | None = None,
    parts: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Page, Statistics]:
    base = an_evaluation(labels[0], **changes)
    seeds = {f"seed{i}": an_evaluation(row, **changes) for i, row in enumerate(labels[1:])}
    arms = {"shuffled": {"seed0": an_evaluation(labels[0], **changes)}}
    return rendered(base, seeds, material or {}, arms=arms, **(parts or {}))


def page_with_everything(text: str) -> str:
    """A report with all its parts, of `BASE` and `SEEDS`; `text` is what models wrote and what
    errors said."""
    base, seeds = humaneval(BASE), {name: humaneval(labels) for name, labels in SEEDS.items()}
    pairs = [
        a_failure_pair(label).model_copy(update={"rejected": text, "prompt": text})
        for label in ("TIMEOUT", "NAME_ERROR")
    ]
    curves: dict[str, Any] = {
        name: [{"step": i, "loss": 0.5, "reward_margin": i} for i in range(3)] for name in SEEDS
    }
    arms = {"sft": {"seed0": base}}
    statistics = compare(base, seeds, CRITERIA, 99, seed=0, pairs=pairs, arms=arms, curves=curves)
    material = ReportInputs(
        figures=all_figures(base, seeds, statistics, pairs, curves),
        curves=curves,
        cases=written(statistics, {"base": base, **seeds}, text, text),
        examples=examples(pairs, 5),
        config={"model": {"id": text.encode("ascii", "replace").decode()}},
    )
    return render_report(base, seeds, statistics, material)


def page_of_size(n_problems: int, n_seeds: int) -> str:
    """A report in which each seed fixed every eighth problem, with a program of its own."""
    base = humaneval([["PASS", "NAME_ERROR"][i % 8 == 0] for i in range(n_problems)])
    seeds = {f"seed{i}": humaneval(["PASS"] * n_problems) for i in range(n_seeds)}
    statistics = compare(base, seeds, CRITERIA, 99, seed=0)
    code = "    y = x + 1  # one more\n" * 24
    material = ReportInputs(
        figures=all_figures(base, seeds, statistics, (), {}),
        cases=written(statistics, {"base": base, **seeds}, code, "name 'z' is not defined"),
    )
    return render_report(base, seeds, statistics, material)


def humaneval(labels: list[str]) -> Evaluation:
    """An evaluation whose problem `HumanEval/<i>` got the i-th label."""
    found = an_evaluation(labels)
    problems = [
        one.model_copy(update={"task_id": f"HumanEval/{i}"}) for i, one in enumerate(found.problems)
    ]
    return found.model_copy(update={"problems": problems})


def written(
    statistics: Statistics, evaluations: dict[str, Evaluation], code: str, message: str
) -> list[MovedProblem]:
    """The problems that moved, when each model wrote a program of its own that ends with `code`."""
    details = {"exception": "NameError", "message": message, "line": 2}
    programs = {
        name: {
            result.task_id: (
                a_sample(f"def f(x):\n    return {i}  # {name}\n{code}"),
                a_verdict(result.labels[0]).model_copy(update=details),
            )
            for i, result in enumerate(one.problems)
        }
        for name, one in evaluations.items()
    }
    prompt = "def f(x):\n    '''</script><img src=x>'''\n"
    test = "def check(candidate):\n    assert candidate(1) == 2\n"
    problems = {
        task_id: a_problem(task_id, prompt=prompt, entry_point="f", test=test)
        for task_id in programs["base"]
    }
    return cases(statistics.movements, problems, programs)
