"""What `make_arm.py` takes of the samples that are its arms' material."""

from pathlib import Path

from execution_builders import a_labels_meta, a_sample, a_samples_meta, a_verdict
from failpairs.commands.make_arm import read_labelled
from failpairs.labels import PASS
from failpairs.provenance.protocol import write_meta
from failpairs.storage.files import sha256_file, write_jsonl


def test_an_arm_takes_no_sample_that_curation_doubts(tmp_path: Path) -> None:
    samples, labels = tmp_path / "samples.jsonl", tmp_path / "exec_labels.jsonl"
    write_jsonl(samples, [a_sample("a", "t/0", number) for number in range(3)])
    fragile = a_verdict("ASSERTION_FAIL", "t/0", 1).model_copy(update={"fragile": True})
    write_jsonl(labels, [a_verdict(PASS, "t/0", 0), fragile, a_verdict("TIMEOUT", "t/0", 2)])
    write_meta(samples, a_samples_meta())
    meta = a_labels_meta().model_copy(update={"samples_sha256": sha256_file(samples)})
    write_meta(labels, meta)
    for with_inputs, numbers in (({"t/0"}, [0, 2]), (set[str](), [0, 1, 2])):
        found = read_labelled(with_inputs, samples, labels)
        assert [sample.sample_index for sample in found["t/0"]] == numbers
