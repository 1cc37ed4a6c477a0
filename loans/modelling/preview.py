"""A draft compared with what counts now: whom the network's latest requests would have asked. In the background.

`preview_start` queues it, loans.tasks_modelling carries it out, part by part: after each part what was reckoned so far
stands with the draft, so that a worker that takes it up again goes on where the last one ended. Requests are looked at
as if they were asked today, of the whole network, nobody tried yet; both sides see the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from loans.modelling.model import Model
from loans.modelling.reckon import Sum, promise_of, spread
from loans.modelling.selectors import model_live, model_of_draft
from loans.modelling.trying import laid_over
from loans.models import Request
from loans.routing import reading, snapshot
from loans.routing.compiler import compile
from loans.routing.model import Plan, Snapshot
from members.models import LibraryPolicy, NetworkDraft
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.jobs import JobTracker, job_claim, job_create, jobs_to_do
from network_portal.core.models import JobRun
from network_portal.core.sending import task_send

log = structlog.get_logger(__name__)
KIND = "loans.network_preview"
LATEST, CHUNK, EXAMPLES = 1_000, 200, 12
SAME, OTHER_SECOND, OTHER_FIRST, NONE, NEWLY, NEITHER = "same", "second", "first", "none", "newly", "neither"


@transaction.atomic
def preview_start(*, draft: NetworkDraft, actor: Actor) -> JobRun:
    """Compare the draft as it is now. One that runs for the same revision and live version is left to go on."""
    NetworkDraft.objects.select_for_update().get(pk=draft.pk)
    running = preview_running(draft)
    if running is not None:
        return running
    label = _("Preview of a draft for %(network)s") % {"network": draft.network.name}
    run = job_create(kind=KIND, label=label, actor=actor, target=draft)
    NetworkDraft.objects.filter(pk=draft.pk).update(preview_part=None)
    audit.record("members.network.previewed", actor=actor, target=draft.network, data={"draft": draft.pk})
    transaction.on_commit(lambda: _send(run.pk))
    return run


def preview_running(draft: NetworkDraft) -> JobRun | None:
    """The job that is queued or runs for this draft."""
    rows = JobRun.objects.filter(kind=KIND, target_id=str(draft.pk), status__in=("queued", "running"))
    return rows.order_by("-pk").first()


def preview_last(draft: NetworkDraft) -> JobRun | None:
    return JobRun.objects.filter(kind=KIND, target_id=str(draft.pk)).order_by("-pk").first()


def _send(run_id: int) -> None:
    """Without a queue the minute's clock takes it up."""
    try:
        task_send("loans.tasks_modelling.preview_network", run_id)
    except OperationalError as error:
        log.warning("preview_waits", job=run_id, error=str(error))


def previews_waiting() -> list[int]:
    """What no worker has taken, or one has died over."""
    return list(jobs_to_do(KIND).order_by("pk").values_list("pk", flat=True))


def preview_job(run_id: int) -> bool:
    """Carry out the job, or go on with it; False where another worker has it."""
    run = job_claim(KIND, run_id)
    if run is None:
        return False
    with JobTracker(run) as tracker:
        draft = NetworkDraft.objects.select_related("network").get(pk=int(run.target_id))
        preview_make(draft=draft, tracker=tracker)
        return True
    return False


def preview_make(*, draft: NetworkDraft, tracker: JobTracker | None = None) -> dict[str, Any]:
    """The comparison, kept with the draft. Changed meanwhile, the draft keeps a preview of what it was, and says so."""
    live, mine = model_live(draft.network), model_of_draft(draft)
    part = draft.preview_part
    if part is None or (part["revision"], part["version"]) != (draft.revision, draft.network.version):
        part = _begin(draft)
    ids: list[int] = part["ids"]
    if tracker is not None:
        tracker.run.total = len(ids)
        tracker.advance(part["at"])
    while part["at"] < len(ids):
        chunk = ids[part["at"] : part["at"] + CHUNK]
        _compare(chunk, live, mine, part)
        part["at"] += len(chunk)
        NetworkDraft.objects.filter(pk=draft.pk).update(preview_part=part)
        if tracker is not None:
            tracker.advance(len(chunk))
    told = _result(part, live, mine)
    NetworkDraft.objects.filter(pk=draft.pk).update(
        preview=told, preview_part=None, preview_revision=part["revision"], preview_version=part["version"],
        preview_at=timezone.now(),
    )  # fmt: skip
    return told


def _begin(draft: NetworkDraft) -> dict[str, Any]:
    rows = Request.objects.filter(network=draft.network, edition__isnull=False).order_by("-pk")
    return {
        "revision": draft.revision, "version": draft.network.version, "at": 0,
        "ids": list(rows.values_list("pk", flat=True)[:LATEST]), "counts": {},
        "live": asdict(Sum()), "draft": asdict(Sum()), "examples": [],
    }  # fmt: skip


def _compare(ids: Sequence[int], live: Model, mine: Model, part: dict[str, Any]) -> None:
    """Both plans of each request. The number of queries does not depend on how many there are."""
    requests = list(Request.objects.filter(pk__in=ids).order_by("-pk"))
    sums = Sum(**part["live"]), Sum(**part["draft"])
    sides = [_plans(requests, model, part["at"]) for model in (live, mine)]
    for request in requests:
        (before, then), (after, now) = (side[request.pk] for side in sides)
        for total, plan, taken in ((sums[0], before, then), (sums[1], after, now)):
            total.add(promise_of(plan, taken))
        kind = _kind(before, after)
        part["counts"][kind] = part["counts"].get(kind, 0) + 1
        if kind not in (SAME, NEITHER) and len(part["examples"]) < EXAMPLES:
            part["examples"].append(_example(request, kind, before, after))
    part["live"], part["draft"] = asdict(sums[0]), asdict(sums[1])


def _plans(requests: Sequence[Request], model: Model, turn: int) -> dict[int, tuple[Plan, Snapshot]]:
    """`turn`: how many of the compared requests entered the ring before these."""
    twin = model.twin
    wishes = {
        pk: replace(wish, network=twin, tried=frozenset(), facts=replace(wish.facts, round=1))
        for pk, wish in snapshot.wishes_of(requests).items()
    }
    policy, cursor = snapshot.policy_of(twin), reading.cursors_of([twin.pk]).get(twin.pk, 0) + turn
    found = {}
    for number, (pk, taken) in enumerate(snapshot.take_many(wishes).items()):
        facts = wishes[pk].facts
        over = laid_over(taken, model, facts.requester, cursor + number)
        found[pk] = compile(policy, facts, over, seed=facts.number), over
    return found


def _first_two(plan: Plan) -> list[str]:
    names = [row.supplier.name for stage in plan.stages if not stage.by_hand for row in stage.candidates]
    return names[:2]


def _kind(before: Plan, after: Plan) -> str:
    old, new = _first_two(before), _first_two(after)
    if not old or not new:
        return NEITHER if old == new else NEWLY if new else NONE
    if old[0] != new[0]:
        return OTHER_FIRST
    return SAME if old == new else OTHER_SECOND


def _example(request: Request, kind: str, before: Plan, after: Plan) -> dict[str, Any]:
    return {
        "number": request.number, "title": request.title[:200], "kind": kind,
        "before": _first_two(before), "after": _first_two(after),
    }  # fmt: skip


def _result(part: dict[str, Any], live: Model, mine: Model) -> dict[str, Any]:
    capacity = _capacity({*live.members, *mine.members})
    return {
        "requests": len(part["ids"]), "counts": part["counts"], "examples": part["examples"],
        "live": _figures(Sum(**part["live"]), capacity), "draft": _figures(Sum(**part["draft"]), capacity),
        "libraries": _by_library(part, {**live.libraries, **mine.libraries}),
    }  # fmt: skip


def _capacity(ids: set[int]) -> dict[int, int]:
    rows = LibraryPolicy.objects.filter(library_id__in=ids, service="loan")
    return {pk: LibraryPolicy().daily_capacity for pk in ids} | dict(
        rows.values_list("library_id", "daily_capacity")
    )


def _figures(total: Sum, capacity: dict[int, int]) -> dict[str, float | None]:
    some = total.found
    return {
        "found": some,
        "fill": total.fill / total.requests if total.requests else None,
        "hours": total.hours / some if some else None,
        "km": total.km / total.km_known if total.km_known else None,
        "spread": spread(total.supplied, capacity),
    }


def _by_library(part: dict[str, Any], libraries: dict[int, Any]) -> list[dict[str, Any]]:
    """How often each would be asked, before and after; the greatest change first."""
    before, after = part["live"]["asked"], part["draft"]["asked"]
    rows = [
        {
            "name": libraries[int(pk)].name if int(pk) in libraries else "",
            "before": round(before.get(pk, 0.0), 1), "after": round(after.get(pk, 0.0), 1),
        }
        for pk in {**before, **after}
    ]  # fmt: skip
    rows = [row for row in rows if row["name"]]
    return sorted(rows, key=lambda row: (-abs(row["after"] - row["before"]), row["name"]))
