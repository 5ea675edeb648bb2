from failpairs.workflow.job_failures import ADVICE, Failure, failure_lines


def seed(number: int, reason: str) -> Failure:
    return Failure(f"train/seed{number}", f"logs/train/seed{number}.log", reason)


def test_a_reason_is_one_line_with_its_log_and_what_to_do() -> None:
    assert failure_lines([seed(1, "no space")]) == [
        "failpairs: train/seed1 failed: no space (logs/train/seed1.log)",
        ADVICE,
    ]


def test_seeds_that_fail_alike_have_one_line_with_their_number() -> None:
    failures = [seed(i, f"seed{i}: it fell by {i}.5 nats at step {i}0") for i in range(4)]
    first, advice = failure_lines([*failures])
    assert first == (
        "failpairs: 4 jobs (train/seed0, train/seed1, train/seed2, 1 more) failed: "
        "seed0: it fell by 0.5 nats at step 00 (logs/train/seed0.log)"
    )
    assert advice == ADVICE


def test_other_reasons_have_lines_of_their_own() -> None:
    assert (
        len(failure_lines([seed(0, "no space"), seed(1, "no sandbox"), seed(2, "no space")])) == 3
    )


def test_a_reason_that_says_what_to_do_needs_no_advice() -> None:
    full = "the disk is full: free some space and run again"
    assert len(failure_lines([seed(0, full)])) == 1
    assert failure_lines([seed(0, full), seed(1, "fell against it")])[-1] == ADVICE


def test_a_job_that_tells_nothing_is_named_all_the_same() -> None:
    lines = failure_lines([seed(0, ""), Failure("trust_problems", "", "")])
    assert lines[0].startswith("failpairs: 2 jobs (train/seed0, trust_problems) failed; its log")
    assert failure_lines([Failure("trust_problems", "", "")])[0].endswith("tells no reason")


def test_no_failure_is_no_line() -> None:
    assert failure_lines([]) == []
