"""Sample files: ours, and those of other tools."""

import logging
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from failpairs.errors import InputError
from failpairs.records import ForeignSample, ModelText, Sample
from failpairs.storage.files import parse_json, parse_row, read_values, reading

log = logging.getLogger(__name__)
ZSTANDARD = 93  # a compression method of zip files
NAME_LENGTHS = 26  # where in the header of a member the lengths of its name and extra field stand


def _whole_number_as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


TaskId = Annotated[str, Field(min_length=1), BeforeValidator(_whole_number_as_text)]
Object = dict[str, Any]
Form = Literal["completion", "solution", "chat"]


@dataclass(frozen=True)
class Answer:
    """One answer of a model, before it has a number.

    Attributes:
        form: `chat` is the text of an answer, from which the program is to be extracted.
    """

    task_id: str
    text: str
    form: Form
    finish_reason: Literal["stop", "length"] | None = None


def sample_files(path: Path) -> list[Path]:
    """The files that samples are read from: a file, or all in the folder of EvalPlus's layout."""
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def iterate_samples(
    path: Path, task_ids: Sequence[str] = (), extract: bool = False
) -> Iterator[Sample]:
    """The samples of a file or folder one by one: ours, or those of any format of `FORMATS`, of
    bigcode-evaluation-harness (lists of programs), inspect_ai's zipped logs, or EvalPlus's folders.

    Samples without a `sample_index` are numbered in the order in which they stand. Fields of other
    tools that we do not know are left out.

    Args:
        task_ids: those of the problems, in order. A sample's id may differ from them in case, or be
            what follows the last `/` of only one of them, such as a bare number. Without them the
            ids stay as they are.
        extract: take samples of other tools for answers of a model, from which the program is to be
            extracted, as from our own.

    Raises:
        InputError: a missing file, a malformed row, an id of no problem, or no samples at all.
    """
    exact, known = set(task_ids), spellings(task_ids)
    following: Counter[str] = Counter()
    for where, found in _read(path, task_ids):
        task_id = found.task_id
        if task_ids and task_id not in exact:
            task_id = known.get(task_id.lower(), "")
        if not task_id:
            raise InputError(
                f"{where}: task_id {found.task_id!r} is not among the problems; "
                f"expected an id such as {task_ids[0]!r}"
            )
        if isinstance(found, Sample):
            sample = found.model_copy(update={"task_id": task_id})
        else:
            sample = _numbered(found, task_id, following[task_id], extract)
        following[task_id] = max(following[task_id], sample.sample_index + 1)
        yield sample
    if not following:
        raise InputError(f"{path}: no samples in it")


@cache
def say_once(message: str) -> None:
    """Logs a message once, however often the file that it is about is read."""
    log.info(message)


def _numbered(answer: Answer, task_id: str, index: int, extract: bool) -> Sample:
    sample = Sample(
        task_id=task_id,
        sample_index=index,
        completion=answer.text,
        finish_reason=answer.finish_reason,
    )
    if extract or answer.form == "chat":
        return sample
    return ForeignSample(**sample.model_dump(), form=answer.form)


def spellings(task_ids: Sequence[str]) -> dict[str, str]:
    """What may stand for each task id, in lower case, unless it may stand for several.

    >>> spellings(["Mbpp/2"])
    {'2': 'Mbpp/2', 'mbpp/2': 'Mbpp/2'}
    """
    found: dict[str, str] = {}
    for spell in (lambda task_id: task_id.lower().rpartition("/")[2], str.lower):
        counts = Counter(map(spell, task_ids))
        found |= {spell(task_id): task_id for task_id in task_ids if counts[spell(task_id)] == 1}
    return found


def _read(path: Path, task_ids: Sequence[str]) -> Iterator[tuple[str, Answer | Sample]]:
    """Where each answer stands, and the answer."""
    with reading(path):
        if path.is_dir():
            yield from _of_folder(path, task_ids)
        elif path.suffix == ".eval":
            yield from _of_inspect_archive(path)
        else:
            yield from _of_values(path, task_ids)


def _of_values(path: Path, task_ids: Sequence[str]) -> Iterator[tuple[str, Answer | Sample]]:
    lists = 0
    for number, value in of_first_filter(read_values(path, nan=True)):
        where = f"{path}:{number}"
        if isinstance(value, list):
            lists += 1
            yield from ((where, answer) for answer in _of_programs(value, number, where, task_ids))
            continue
        if not isinstance(value, dict):
            raise InputError(f"{where}: expected a JSON object or a list of programs")
        yield from ((where, answer) for answer in _of_object(value, where))
    if 0 < lists < len(task_ids):
        say_once(f"{path}: programs of the first {lists} of {len(task_ids)} problems")


def of_first_filter(values: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Numbered values without the rows that lm-eval writes again for each further filter."""
    only_filter: Any = None
    for number, value in values:
        if isinstance(value, dict) and "doc" in value:
            only_filter = only_filter or value.get("filter")
            if value.get("filter") != only_filter:
                continue
        yield number, value


def _of_object(row: Object, where: str) -> Iterable[Answer | Sample]:
    read = next((f.read for f in FORMATS if f.marks <= row.keys()), None)
    if read is None:
        forms = "; ".join(f"{f.name}: {', '.join(sorted(f.marks))}" for f in FORMATS)
        raise InputError(f"{where}: not a sample; expected the fields of a format ({forms})")
    return read(row, where)


def _of_programs(
    value: list[Any], number: int, where: str, task_ids: Sequence[str]
) -> Iterator[Answer]:
    """The programs of one problem, in bigcode-evaluation-harness's files."""
    if not task_ids:
        raise InputError(f"{where}: lists of programs name no problems, which must be known here")
    if number > len(task_ids):
        raise InputError(f"{where}: a list of programs more than the {len(task_ids)} problems")
    for program in value:
        if not isinstance(program, str):
            raise InputError(f"{where}: expected a list of programs, found {program!r:.60} in it")
        yield Answer(task_ids[number - 1], program, "solution")


def _of_folder(path: Path, task_ids: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    """EvalPlus's folders: `<task id with _ for />/<number>.py`."""
    names = {task_id.replace("/", "_"): task_id for task_id in task_ids}
    for file in sorted(path.glob("*/*.py"), key=lambda f: (f.parent, len(f.name), f.name)):
        name = file.parent.name
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{file}: not UTF-8: {error.reason}") from None
        yield str(file), Answer(names.get(name) or name.replace("_", "/"), text, "solution")


def _of_inspect_archive(path: Path) -> Iterator[tuple[str, Answer]]:
    try:
        with zipfile.ZipFile(path) as archive:
            # Of a sample that was tried again the log holds both, under the same name.
            members = {info.filename: info for info in archive.infolist()}
            for name, info in members.items():
                if name.startswith("samples/") and name.endswith(".json"):
                    where = f"{path}: {name}"
                    row = parse_json(_member(archive, info), where, nan=True)
                    for answer in _of_inspect({"samples": [row]}, where):
                        yield where, answer
    except NotImplementedError as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    except (zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
        what = str(error) or "it is cut short"
        raise InputError(f"{path}: damaged log of inspect_ai: {what}") from None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content of a member, also where it is compressed with Zstandard, as zipfile reads it only
    since Python 3.14."""
    try:
        if info.compress_type != ZSTANDARD or archive.fp is None:
            return archive.read(info)
        return _of_zstandard(archive.fp, info)
    except (OSError, LZMAError) as error:  # of bzip2 and Zstandard, and of LZMA
        raise zipfile.BadZipFile(str(error)) from None


def _of_zstandard(file: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    import pyarrow

    file.seek(info.header_offset + NAME_LENGTHS)
    file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)
    packed = BytesIO(file.read(info.compress_size))
    data: bytes = pyarrow.input_stream(packed, compression="zstd").read()
    if zlib.crc32(data) != info.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {info.filename!r}")
    return data


class Completion(BaseModel):
    task_id: TaskId
    completion: ModelText


class Solution(BaseModel):
    task_id: TaskId
    solution: ModelText


class EvalPlusResults(BaseModel):
    eval: dict[str, list[Solution]]


class LmEvalDoc(BaseModel):
    task_id: TaskId
    prompt: str = ""


class LmEvalRow(BaseModel):
    doc: LmEvalDoc


class InspectMessage(BaseModel):
    content: ModelText | list[Object]


class InspectChoice(BaseModel):
    message: InspectMessage
    stop_reason: str = ""


class InspectOutput(BaseModel):
    choices: list[InspectChoice] = []
    completion: ModelText = ""


class InspectSample(BaseModel):
    id: TaskId
    output: InspectOutput
    error: Any = None


class InspectLog(BaseModel):
    samples: list[InspectSample]


class LiveCodeBenchPrograms(BaseModel):
    question_id: TaskId
    code_list: list[ModelText]


class LiveCodeBenchAnswers(BaseModel):
    question_id: TaskId
    output_list: list[ModelText]


def _of_failpairs(row: Object, where: str) -> Iterator[Sample]:
    given = {**row, "task_id": _whole_number_as_text(row["task_id"])}
    yield parse_row(ForeignSample if "form" in row else Sample, given, where)


def _of_human_eval(row: Object, where: str) -> Iterator[Answer]:
    given = parse_row(Completion, row, where)
    yield Answer(given.task_id, given.completion, "completion")


def _of_evalplus(row: Object, where: str) -> Iterator[Answer]:
    given = parse_row(Solution, row, where)
    yield Answer(given.task_id, given.solution, "solution")


def _of_evalplus_results(row: Object, where: str) -> Iterator[Answer]:
    if "status" in row:  # a field of inspect_ai's logs, which without samples have but their header
        raise InputError(f"{where}: a log of inspect_ai without samples")
    for samples in parse_row(EvalPlusResults, row, where).eval.values():
        for sample in samples:
            yield Answer(sample.task_id, sample.solution, "solution")


def _of_lm_eval(row: Object, where: str) -> Iterator[Answer]:
    """The texts that lm-eval has run or, where its filter kept only the first of several
    repetitions or gave no text, what the model wrote."""
    doc = parse_row(LmEvalRow, row, where).doc
    written, filtered = _texts(row["resps"]), _texts(row.get("filtered_resps"))
    texts = written if written[: len(filtered)] == filtered else filtered
    if not texts:
        raise InputError(f"{where}: field 'resps': expected lists of texts")
    for text in texts:
        yield Answer(
            doc.task_id, text, "completion" if _continues(text, doc.prompt) else "solution"
        )


def _texts(value: Any) -> list[str]:
    """The texts of a list of texts or of lists of texts; none if there is anything else in it."""
    if not isinstance(value, list):
        return []
    flat = [text for item in value for text in (item if isinstance(item, list) else [item])]
    return flat if all(isinstance(text, str) for text in flat) else []


def _continues(text: str, prompt: str) -> bool:
    """Whether a text continues a prompt: it does not repeat it, and begins inside a function."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first[:1].isspace() and not text.startswith(prompt)


def _of_inspect(row: Object, where: str) -> Iterator[Answer]:
    for sample in parse_row(InspectLog, row, where).samples:
        if sample.error is not None:
            say_once(f"{where}: sample {sample.id} is left out: it ended in an error")
            continue
        if not sample.output.choices:
            yield Answer(sample.id, sample.output.completion, "chat")
        for choice in sample.output.choices:
            was_cut = choice.stop_reason in {"max_tokens", "model_length"}
            text = _inspect_text(choice.message.content)
            yield Answer(sample.id, text, "chat", "length" if was_cut else "stop")


def _inspect_text(content: str | list[Object]) -> str:
    if isinstance(content, str):
        return content
    # Parts without a text are reasoning or images.
    return "".join(str(part.get("text") or "") for part in content)


def _of_livecodebench_programs(row: Object, where: str) -> Iterator[Answer]:
    given = parse_row(LiveCodeBenchPrograms, row, where)
    yield from (Answer(given.question_id, text, "solution") for text in given.code_list)


def _of_livecodebench_answers(row: Object, where: str) -> Iterator[Answer]:
    given = parse_row(LiveCodeBenchAnswers, row, where)
    yield from (Answer(given.question_id, text, "chat") for text in given.output_list)


@dataclass(frozen=True)
class Format:
    """A format of the objects of a file.

    Attributes:
        marks: fields that tell it: an object is of the first format that has all its marks there.
        read: gives the answers of an object, given also where the object stands, and raises
            InputError if it is malformed.
    """

    name: str
    marks: Set[str]
    read: Callable[[Object, str], Iterable[Answer | Sample]]


FORMATS = (
    Format("failpairs", {"task_id", "sample_index"}, _of_failpairs),
    Format("human-eval", {"task_id", "completion"}, _of_human_eval),
    Format("EvalPlus", {"task_id", "solution"}, _of_evalplus),
    Format("inspect_ai", {"eval", "samples"}, _of_inspect),
    Format("EvalPlus's results", {"eval"}, _of_evalplus_results),
    Format("lm-eval", {"doc", "resps"}, _of_lm_eval),
    Format("LiveCodeBench's programs", {"question_id", "code_list"}, _of_livecodebench_programs),
    Format("LiveCodeBench's answers", {"question_id", "output_list"}, _of_livecodebench_answers),
)
