"""Reading and writing the pipeline's files: validated on the way in, atomic on the way out."""

import errno
import gzip
import hashlib
import json
import os
import shutil
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, dropwhile
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from failpairs.errors import InputError
from failpairs.storage.locks import locked, open_alone

Row = TypeVar("Row", bound=BaseModel)
UNREADABLE = {
    errno.ENOENT: "no such file",
    errno.ENOTDIR: "no such file",
    errno.EISDIR: "a folder; expected a file",
}


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[str]]:
    """Open a text file that appears under its name only when it is whole.

    It is written under a temporary name in the same folder, synced and renamed; on any error the
    temporary file is removed and an earlier file of that name stays as it was.

    Raises:
        InputError: another process is writing it.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with name_path_in_errors(path), open_alone(temporary) as file:
        try:
            file.truncate(0)  # what a killed process left
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def require_output(path: Path, *inputs: Path | None) -> None:
    """Refuse an output before any work is done for it.

    Raises:
        InputError: it is a folder, or one of the inputs, which it would replace.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file to write")
    for given in filter(None, inputs):
        if path.exists() and given.exists() and path.samefile(given):
            raise InputError(f"{path}: is read as well; write to another file")


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A scratch folder inside `folder`: its files move there when all are written, or never.

    They get the permissions of any new file, since some libraries keep theirs from other users.

    Raises:
        InputError: another process is writing to the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / ".staging"
    with name_path_in_errors(folder), locked(folder / ".staging.lock"):
        shutil.rmtree(scratch, ignore_errors=True)  # what a killed process left
        scratch.mkdir()
        try:
            yield scratch
            allowed = scratch.stat().st_mode & 0o666  # what the umask leaves
            for path in sorted(scratch.iterdir()):
                path.chmod(allowed)
                path.replace(folder / path.name)
        finally:
            shutil.rmtree(scratch)


@contextmanager
def name_path_in_errors(path: Path) -> Iterator[None]:
    """Adds the name of the file that was being written to a disk error that lacks one."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    except Exception as error:
        if not is_full_disk(error):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns what the system says of a file that cannot be read into an InputError.

    Raises:
        InputError: as well where the path is a pipe, which could be read only once.
    """
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            raise InputError(f"{path}: a pipe or device; expected a file")
        yield
    except OSError as error:
        what = UNREADABLE.get(error.errno or 0, f"cannot be read: {error.strerror or error}")
        raise InputError(f"{error.filename or path}: {what}") from None


def is_full_disk(error: Exception) -> bool:
    """Whether an error means that there is no space left, whichever library it comes from."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    # safetensors has an exception of its own, which keeps only the text; PyTorch's writer finds
    # that it is not where it should be in the file, and says no more than that.
    return any(text in str(error) for text in (os.strerror(errno.ENOSPC), "unexpected pos"))


def read_yaml(path: Path) -> Any:
    """The value of a YAML file.

    Raises:
        InputError: it cannot be read, or is no YAML.
    """
    try:
        with reading(path):
            return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid YAML: {error}") from None


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value, indented, keys in the order given."""
    with atomic_write(path) as file:
        json.dump(value, file, indent=1, allow_nan=False)
        file.write("\n")


def write_jsonl(path: Path, rows: Iterable[BaseModel]) -> int:
    """Write one row a line and return how many were written."""
    count = 0
    with atomic_write(path) as file:
        for row in rows:
            file.write(dump_row(row))
            count += 1
    return count


def dump_row(row: BaseModel) -> str:
    """A row as one line of JSONL, in ASCII."""
    return json.dumps(row.model_dump(), allow_nan=False) + "\n"


def read_json(path: Path) -> Any:
    """Read one JSON value, gzipped or not.

    Raises:
        InputError: the file is missing, cannot be read or is not JSON.
    """
    return parse_json(b"".join(line for _, line in _numbered_lines(path)), str(path))


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number, object) as `read_values` does, from a file that holds nothing but objects.

    Raises:
        InputError: as `read_values`, or a value is no object.
    """
    for number, value in read_values(path):
        if not isinstance(value, dict):
            raise InputError(f"{path}:{number}: expected a JSON object")
        yield number, value


def read_values(path: Path, nan: bool = False) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) for each line of a JSONL file, gzipped or not.

    A file may also be one JSON value over any number of lines: of an array each entry is yielded
    with its number in the array, and an object with the number 1. A byte order mark is skipped.

    Args:
        nan: take NaN and the infinities, which Python's json and so many tools write.

    Raises:
        InputError: the file is missing, cannot be read, is cut short, not UTF-8 or not JSON.
    """
    for number, item in _items(path, nan):
        is_line = isinstance(item, bytes)
        yield number, parse_json(item, f"{path}:{number}", nan) if is_line else item


def read_json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | InputError]]:
    """Yield (number, object) as `read_values` does. In place of what is no object stands the error
    that says so, for the caller to raise or to collect.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    for number, item in _items(path):
        yield number, _json_object(item, f"{path}:{number}")


def _json_object(item: Any, where: str) -> dict[str, Any] | InputError:
    """An item as an object, or the error that it is none."""
    try:
        value = parse_json(item, where) if isinstance(item, bytes) else item
    except InputError as error:
        return error
    return value if isinstance(value, dict) else InputError(f"{where}: expected a JSON object")


def _items(path: Path, nan: bool = False) -> Iterator[tuple[int, Any]]:
    """The lines of a file that are not blank, unparsed, or the parsed items of a single value."""
    lines: Iterator[tuple[int, bytes]] = dropwhile(
        lambda numbered: not numbered[1].strip(), _numbered_lines(path)
    )
    first = next(lines, None)
    if first is None:
        return
    lines = chain([first], lines)
    if _goes_on(first[1]):
        value = parse_json(b"".join(line for _, line in lines), str(path), nan)
        yield from enumerate(value if isinstance(value, list) else [value], start=1)
        return
    yield from ((number, line.rstrip()) for number, line in lines if line.strip())


def _goes_on(first_line: bytes) -> bool:
    """Whether a file is one JSON value: its first line opens an array, or ends before its value."""
    text = first_line.strip()
    return text.startswith(b"[") or text.endswith((b"{", b"[", b",", b":"))


def _numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    with reading(path):
        try:
            with _open_binary(path) as file:
                for number, line in enumerate(file, start=1):
                    yield number, line.removeprefix(BOM_UTF8) if number == 1 else line
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InputError(f"{path}:{number + 1}: damaged gzip file: {error}") from None


def _open_binary(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        gzipped = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb") if gzipped else path.open("rb"))


def parse_json(data: bytes, where: str, nan: bool = False) -> Any:
    """Parse one JSON value.

    Args:
        nan: take NaN and the infinities for numbers.

    Raises:
        InputError: names the place and what is wrong: not UTF-8, or not JSON.
    """
    try:
        return json.loads(data.decode("utf-8"), parse_constant=None if nan else _refuse_constant)
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8: {error.reason}") from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        what = error.msg.removesuffix(" at")
        at = f"{line}character {error.colno - 1}"
        raise InputError(f"{where}: not valid JSON: {what} at {at}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not valid JSON: {error}") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def parse_row(model: type[Row], value: dict[str, Any], where: str) -> Row:
    """Validate one object as a row.

    Raises:
        InputError: names the place, the field and what is wrong with it.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}: field {field!r}: {first['msg'].lower()}") from None


def read_jsonl(path: Path, model: type[Row]) -> Iterator[Row]:
    """Yield the rows of a JSONL file, each validated.

    Raises:
        InputError: as `read_objects` and `parse_row`.
    """
    for number, value in read_objects(path):
        yield parse_row(model, value, f"{path}:{number}")


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, or of the files in the subfolders of a folder, in hexadecimal.

    Files that stand in the folder itself do not count: those are the results of what its subfolders
    hold.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    if path.is_dir():
        files = sorted(file for file in path.glob("*/*") if file.is_file())
        return sha256_json({str(file.relative_to(path)): sha256_file(file) for file in files})
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_json(value: Any) -> str:
    """The SHA-256 of a JSON value in canonical form (sorted keys, no spaces), in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
