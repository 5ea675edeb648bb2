import os
import signal
import subprocess
import sys

import pytest
from failpairs.errors import SandboxError
from failpairs.execution.sandbox import self_test
from failpairs.execution.sandbox.layers import NO_SANDBOX, TIERS
from failpairs.execution.sandbox.self_test import Result, choose_tier, find_tier, result_of, why_not
from places import SCRIPTS
from users import USERS, User


@pytest.mark.parametrize("user", USERS, ids=str)
@pytest.mark.parametrize("tier", TIERS)
def test_every_canary_attack_fails_in_every_tier_whoever_the_user_is(tier: str, user: User) -> None:
    code = f"from failpairs.execution.sandbox.self_test import why_not; print(why_not({tier!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SCRIPTS), **user.environment},
        umask=user.umask,
        preexec_fn=user.become,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "None\n"


@pytest.mark.skipif(os.getuid() != 0, reason="without a tier only root may install a filter")
def test_an_attack_that_succeeds_is_told() -> None:
    assert why_not(NO_SANDBOX) == "the attack 'read' was not stopped"


CRASH = "Traceback (most recent call last):\n  ...\nPermissionError: /dev/null\n"


@pytest.mark.parametrize(
    ("status", "output", "errors", "result", "cause"),
    [
        (10, "inside\n", "", Result.HELD, ""),
        (-signal.SIGSYS, "inside\n", "", Result.HELD, ""),
        (11, "inside\n", "", Result.LEAKED, ""),
        (12, "", "unshare: EPERM\n", Result.UNAVAILABLE, "unshare: EPERM"),
        (1, "", CRASH, Result.BROKEN, "PermissionError: /dev/null"),
        (1, "inside\n", CRASH, Result.BROKEN, "PermissionError: /dev/null"),
        (0, "inside\n", "", Result.BROKEN, "it ended with status 0"),
        (-signal.SIGSYS, "", "", Result.BROKEN, f"it ended with status {-signal.SIGSYS}"),
        (-signal.SIGSEGV, "inside\n", "", Result.BROKEN, f"it ended with status {-signal.SIGSEGV}"),
    ],
)
def test_an_attack_that_crashes_is_neither_stopped_nor_successful(
    status: int, output: str, errors: str, result: Result, cause: str
) -> None:
    assert result_of(status, output, errors) == (result, cause)


def test_a_self_test_that_breaks_names_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "_try_attack", lambda *_: (Result.BROKEN, "PermissionError: x"))
    reason = why_not("full")
    assert reason == "the self-test broke before the attack 'read' had a result: PermissionError: x"


def test_without_any_tier_the_reasons_and_the_remedy_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(self_test, "why_not", lambda tier: f"unshare: no {tier}")
    with pytest.raises(SandboxError, match=r"full: unshare: no full.*--unsafe-no-sandbox"):
        find_tier()


def test_the_strongest_tier_that_holds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "why_not", lambda tier: "no" if tier == "full" else None)
    assert choose_tier() == ("landlock", ["full: no"])
    assert find_tier() == "landlock"


@pytest.mark.parametrize("unsafe", [False, True])
def test_elsewhere_than_on_linux_nothing_is_executed(
    monkeypatch: pytest.MonkeyPatch, unsafe: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="on Linux only, not on darwin"):
        find_tier(unsafe)
