"""When a run has failed because too much of it can't be read. Asked after each page, and at the end of a small one."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from catalog.choices import RunKind
from catalog.harvesting.errors import RunFailed
from catalog.models import Run

JUDGED_FROM = 5_000  # records: the beginning of a large file says little about the rest
ALWAYS_BORNE = 9  # bad records: of a small file a few may be a large share
TOO_MANY_BAD = "too_many_bad"
MESSAGE = gettext_noop(
    "Too many records can't be read, so the loading was given up and no record was taken out. What was read stays. "
    "Look at the rejected records: often the file is cut, mixed up, or in another character set."
)
# These look at records once more that are known to be bad, or change nothing where they fail.
EXEMPT = frozenset({RunKind.RETRY, RunKind.RENORMALISE, RunKind.DELETES})


def judge(run: Run) -> None:
    """After a page. Raises RunFailed past the source's share of bad records."""
    if run.read >= JUDGED_FROM:
        judge_whole(run)


def judge_whole(run: Run) -> None:
    """At the end. Raises RunFailed past the source's share of bad records."""
    bad = run.checkpoint.get("bad", 0)
    if run.kind not in EXEMPT and bad > max(ALWAYS_BORNE, run.read * run.source.max_bad_percent / 100):
        raise RunFailed(TOO_MANY_BAD, MESSAGE)
