"""The files of a run that the report reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.problems.jsonl import read_problems
from failpairs.records import Pair, Problem, Sample
from failpairs.report.shown_problems import Programs, read_programs
from failpairs.report.timings import Timing, read_timings
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.rounds import RoundData, distinct_share
from failpairs.storage.files import parse_row, read_json, read_jsonl, read_objects
from failpairs.training.model_card import trained_on

ROUND = re.compile(r"round\d+")
OF_CURATION = (
    "problems/train.jsonl",
    "problems/decontamination.json",
    "samples.meta.json",
    "pairs.jsonl",
    "curation_funnel.json",
    "tuning.json",
)


def read_evaluation(path: Path) -> Evaluation:
    """The evaluation of one model.

    Raises:
        InputError: the file is missing or is no evaluation.
    """
    return parse_row(Evaluation, read_json(path), str(path))


@dataclass(frozen=True)
class RunFolder:
    """The results that a report can do without, each read when a section first asks for it.

    A missing file leaves its value empty. Seeds, control arms, benchmark files and files of the
    curation are those named here, so that what an earlier run left in the folder is never shown.

    Attributes:
        folder: None for a report without such results.
        seeds: names of the seeds, `seed0`.
        arms: names of the control arms, whose evaluations must be there.
        benchmarks: names of benchmark files, `train/seed0`; `sample/*-of-2` stands for two shards.
        of_curation: names of files of the training side, such as `pairs.jsonl`.
        crossed: whether the pairs of each seed were also trained on with every other seed, whose
            evaluations must then be there.

    Raises:
        InputError: there is no such folder, or a file in it is not what its name says.
    """

    folder: Path | None
    seeds: Sequence[str]
    arms: Sequence[str] = ()
    benchmarks: Sequence[str] = ()
    of_curation: Sequence[str] = OF_CURATION
    crossed: bool = False

    def __post_init__(self) -> None:
        if self.folder is None:
            if self.arms or self.benchmarks or self.crossed:
                raise InputError(
                    "--arms, --benchmarks and --vary=both need files of a run: give --results"
                )
        elif not self.folder.is_dir():
            raise InputError(f"{self.folder}: no such folder")

    def file(self, name: str) -> Path | None:
        """A file of the run by its path in the folder; None where it is missing or left out."""
        if name in OF_CURATION and name not in self.of_curation:
            return None
        path = self.folder and self.folder / name
        return path if path and path.exists() else None

    @cached_property
    def arm_evaluations(self) -> dict[str, dict[str, Evaluation]]:
        """The evaluations of the control arms, by arm and seed."""
        if self.folder is None:
            return {}
        return {
            arm: {
                seed: read_evaluation(self.folder / "arms" / arm / "eval" / f"{seed}.json")
                for seed in self.seeds
            }
            for arm in self.arms
        }

    @property
    def rounds(self) -> list[str]:
        """The names of the rounds after the first one, which are among the arms."""
        return [arm for arm in self.arms if ROUND.fullmatch(arm)]

    @cached_property
    def of_rounds(self) -> list[RoundData]:
        """What each round was made of, from the first one on."""
        rounds = [self._round("samples.jsonl", "pairs.jsonl", "adapters/{seed}")]
        for name in self.rounds:
            own = f"arms/{name}/{{seed}}"
            adapter = f"arms/{name}/adapters/{{seed}}"
            rounds.append(self._round(f"{own}/samples.jsonl", f"{own}/pairs.jsonl", adapter))
        return rounds

    def _round(self, samples: str, pairs: str, adapter: str) -> RoundData:
        curves = self._of_seeds(f"{adapter}/train_log.jsonl")
        last = [[row for _, row in read_objects(path)][-1] for path in curves]
        changes = [row.get("held_out_chosen_change") for row in last]
        return RoundData(
            n_pairs=[sum(1 for _ in read_objects(path)) for path in self._of_seeds(pairs)],
            distinct_shares=[
                distinct_share(read_jsonl(path, Sample)) for path in self._of_seeds(samples)
            ],
            chosen_changes=[change for change in changes if change is not None],
        )

    def _of_seeds(self, pattern: str) -> list[Path]:
        """The files of all seeds that are there, each of them once."""
        found = [self.file(pattern.format(seed=seed)) for seed in self.seeds]
        return [path for path in dict.fromkeys(found) if path]

    @cached_property
    def crossed_evaluations(self) -> dict[str, dict[str, Evaluation]]:
        """The evaluations of all other combinations than a seed with its own pairs, by the seed of
        the pairs and that of the training; empty where the design is not crossed."""
        if self.folder is None or not self.crossed:
            return {}
        return {
            own: {
                seed: read_evaluation(self.folder / "pairs" / own / "eval" / f"{seed}.json")
                for seed in self.seeds
                if seed != own
            }
            for own in self.seeds
        }

    @cached_property
    def pairs(self) -> list[Pair]:
        """The curated pairs."""
        path = self.file("pairs.jsonl")
        return list(read_jsonl(path, Pair)) if path else []

    @cached_property
    def curves(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of `train_log.jsonl` of each seed that has one."""
        return self._curves("")

    @cached_property
    def arm_curves(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The same of each control arm, by arm and seed."""
        return {arm: self._curves(f"arms/{arm}/") for arm in self.arms}

    @cached_property
    def trained_on(self) -> dict[str, str | None]:
        """The machine that trained each seed, where its model card names one."""
        return {seed: trained_on(card) for seed, card in self._of_adapters("README.md").items()}

    @cached_property
    def eval_problems(self) -> list[Problem]:
        """The evaluation problems."""
        return self._problems("problems/eval.jsonl")

    @cached_property
    def train_problems(self) -> list[Problem]:
        """The training problems."""
        return self._problems("problems/train.jsonl")

    @cached_property
    def timings(self) -> list[Timing]:
        """What the jobs took, by stage."""
        if self.folder is None:
            return []
        return read_timings(self.folder / "benchmarks" / f"{name}.tsv" for name in self.benchmarks)

    def json(self, name: str) -> Any:
        """The value in a JSON file of the run; None where the file is missing."""
        path = self.file(name)
        return read_json(path) if path else None

    def programs(
        self, evaluations: Mapping[str, Evaluation], task_ids: Iterable[str]
    ) -> dict[str, Programs]:
        """The first samples of some problems with their labels, of each model that has both files.

        Args:
            evaluations: by model, `base` or the name of a seed.
        """
        wanted = set(task_ids)
        found: dict[str, Programs] = {}
        for model, evaluation in evaluations.items():
            samples = self.file(f"eval/{model}/samples.jsonl")
            labels = self.file(f"eval/{model}/exec_labels.jsonl")
            if samples and labels:
                found[model] = read_programs(samples, labels, evaluation, wanted)
        return found

    def _curves(self, folder: str) -> dict[str, list[dict[str, Any]]]:
        return {
            seed: [row for _, row in read_objects(path)]
            for seed, path in self._of_adapters("train_log.jsonl", folder).items()
        }

    def _of_adapters(self, name: str, folder: str = "") -> dict[str, Path]:
        paths = {seed: self.file(f"{folder}adapters/{seed}/{name}") for seed in self.seeds}
        return {seed: path for seed, path in paths.items() if path}

    def _problems(self, name: str) -> list[Problem]:
        path = self.file(name)
        return read_problems(path) if path else []
