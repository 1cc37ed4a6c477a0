"""What a person decides about records: one edition or two, editions joined or parted by hand, and all of it undone.

Every decision is remembered as pairs of records (MatchDecision) that matching obeys for ever: a pair put together is
joined whatever its points, a pair kept apart never ends up inside one edition, not through third records either. What
was decided before about the same pair is no longer in force, and is again when the later decision is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import Decided
from catalog.harvesting.database import lock_catalogue, new_ids, set_edition
from catalog.matching import shadow
from catalog.models import Edition, MatchAct, MatchDecision, SourceRecord
from catalog.services.editions import editions_rebuild, editions_redirect
from catalog.services.placing import place_again
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

ANCHORS = 5  # records on the other side that each record is tied to, or kept from
MOST = 200  # records that can be moved by hand at once
Pair = tuple[SourceRecord, SourceRecord]


def decide_pair(
    *, one: SourceRecord, other: SourceRecord, same: bool, actor: Actor, note: str = ""
) -> MatchAct:
    """A person says whether two records are one edition; where they are, their editions become one at once.

    Raises RuleViolation: `gone` where one left meanwhile, `conflict` where somebody kept records of the two editions
    apart, `together` where records to be kept apart stand in one edition (then take one out, `records_split`).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        one, other = _fresh([one.pk, other.pk])
        if same:
            return _join(cursor, one, other, Decided.SAME, actor, note)
        if one.edition_id == other.edition_id:
            raise RuleViolation("together", _("The two are one edition already. Take one of them out of it."))
        return _act(Decided.APART, [(one, other)], False, actor, note)


def editions_join(*, edition: Edition, other: Edition, actor: Actor, note: str = "") -> MatchAct:
    """Two editions become one; the larger, then the older keeps its number. Raises RuleViolation (see decide_pair)."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        left, right = _records(edition.pk)[:1], _records(other.pk)[:1]
        if not left or not right:
            raise RuleViolation("gone", _("One of the two has no records any more."))
        if edition.pk == other.pk:
            raise RuleViolation("together", _("The two are one edition already."))
        return _join(cursor, left[0], right[0], Decided.MERGE, actor, note)


def records_split(*, edition: Edition, numbers: Iterable[int], actor: Actor, note: str = "") -> MatchAct:
    """Take records out of an edition. The larger part keeps the number; the other becomes an edition of its own.

    Raises RuleViolation: `none` where no record or every record was chosen, `many` above MOST.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        records, chosen = _records(edition.pk), set(numbers)
        out = [record for record in records if record.pk in chosen]
        rest = [record for record in records if record.pk not in chosen]
        if not out or not rest:
            raise RuleViolation("none", _("Choose at least one record, and leave at least one."))
        goes = rest if len(out) > len(rest) else out
        if len(goes) > MOST:
            raise RuleViolation("many", _("These are too many records to be moved by hand."))
        now = timezone.now()
        new = new_ids(cursor, "catalog_edition", 1)[0]
        cursor.execute(shadow.NEW_EDITIONS, [now, now, [new]])
        still = _tied_through(out, rest)
        pairs = [(a, b) for a in out for b in rest[:ANCHORS]]
        act = _act(Decided.SPLIT, pairs, False, actor, note)
        _note(act, [(still[0], record) for record in still[1:]], True)
        _move(cursor, act, dict.fromkeys(goes, new))
        return act


def act_undo(*, act: MatchAct, actor: Actor) -> None:
    """Take a decision back: records that are still where it put them return. Raises RuleViolation `undone`."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_catalogue(cursor)
        act = MatchAct.objects.select_for_update().get(pk=act.pk)
        if act.undone_at:
            raise RuleViolation("undone", _("This was taken back already."))
        act.undone_at, act.undone_by_id = timezone.now(), actor.user_id
        act.save(update_fields=["undone_at", "undone_by"])
        pairs = list(act.pairs.all())
        act.pairs.update(is_active=False)
        _revive(pairs)
        _move_back(cursor, act)
        audit.record("catalog.match.undone", actor=actor, target=act, data={"kind": act.kind})


def _tied_through(out: Sequence[SourceRecord], rest: Sequence[SourceRecord]) -> list[SourceRecord]:
    """Those that stay, and were put together by way of one that is taken out."""
    numbers = [record.pk for record in out]
    edges = MatchDecision.objects.filter(
        Q(one__in=numbers) | Q(other__in=numbers), is_active=True, is_same=True
    )
    tied = {number for edge in edges.values_list("one", "other") for number in edge}
    return [record for record in rest if record.pk in tied]


def _join(
    cursor: Any, one: SourceRecord, other: SourceRecord, kind: Decided, actor: Actor, note: str
) -> MatchAct:
    if one.edition_id == other.edition_id:
        return _act(kind, [(one, other)], True, actor, note)
    left, right = _records(one.edition_id), _records(other.edition_id)
    if (len(left), -(one.edition_id or 0)) < (len(right), -(other.edition_id or 0)):
        one, other, left, right = other, one, right, left
    if len(right) > MOST:
        raise RuleViolation("many", _("These are too many records to be moved by hand."))
    _refuse_conflict(left, right, (one.pk, other.pk))
    # All are tied to one of them, so that a matching from scratch ends the same way: to the rules, those of the one
    # side speak against those of the other.
    pairs = [(one, record) for record in (*right, *left[:MOST]) if record.pk != one.pk]
    act = _act(kind, pairs, True, actor, note)
    _move(cursor, act, dict.fromkeys(right, one.edition_id or 0))
    return act


def _refuse_conflict(
    left: Sequence[SourceRecord], right: Sequence[SourceRecord], pair: tuple[int, int]
) -> None:
    """Raises RuleViolation where somebody kept others of the two editions apart."""
    a, b = [record.pk for record in left], [record.pk for record in right]
    apart = MatchDecision.objects.filter(is_active=True, is_same=False).filter(
        Q(one__in=a, other__in=b) | Q(one__in=b, other__in=a)
    )
    apart = apart.exclude(one__in=pair, other__in=pair)
    if found := apart.select_related("act__by").order_by("-act__at").first():
        name = found.act.by.name if found.act.by else _("somebody who left")
        raise RuleViolation(
            "conflict",
            _("%(name)s kept records of the two apart. Take that decision back first.") % {"name": name},
            act=found.act_id,
        )


def _fresh(numbers: Sequence[int]) -> list[SourceRecord]:
    found = {r.pk: r for r in _live().filter(pk__in=numbers)}
    if any(number not in found for number in numbers) or len(found) < 2:
        raise RuleViolation("gone", _("One of the two records is no longer there."))
    return [found[number] for number in numbers]


def _live() -> Any:
    return SourceRecord.objects.filter(deleted_at=None, edition__isnull=False).defer("raw", "draft")


def _records(edition: int | None) -> list[SourceRecord]:
    return list(_live().filter(edition=edition).order_by("pk"))


def _act(kind: Decided, pairs: Sequence[Pair], same: bool, actor: Actor, note: str) -> MatchAct:
    act = MatchAct.objects.create(
        kind=kind,
        note=note.strip()[:500],
        at=timezone.now(),
        by_id=actor.user_id,
        by_library_id=actor.library_id,
    )
    _note(act, pairs, same)
    edition = pairs[0][0].edition
    audit.record(f"catalog.match.{kind.value}", actor=actor, target=edition, data={"records": len(pairs) + 1})
    return act


def _note(act: MatchAct, pairs: Sequence[Pair], same: bool) -> None:
    """The pairs of a decision, in force from now on instead of what was said of them before."""
    ordered = [(a, b) if a.pk < b.pk else (b, a) for a, b in pairs]
    numbers = {(a.pk, b.pk) for a, b in ordered}
    before = MatchDecision.objects.filter(
        is_active=True, one__in={a for a, _ in numbers}, other__in={b for _, b in numbers}
    )
    before.filter(pk__in=[d.pk for d in before if (d.one_id, d.other_id) in numbers]).update(is_active=False)
    MatchDecision.objects.bulk_create(
        MatchDecision(
            act=act, one=a, other=b, is_same=same, one_source_id=a.source_id, one_identifier=a.identifier,
            other_source_id=b.source_id, other_identifier=b.identifier,
        )
        for a, b in ordered
    )  # fmt: skip


def _move(cursor: Any, act: MatchAct, where: dict[SourceRecord, int]) -> None:
    act.moved = [[record.pk, record.edition_id, edition] for record, edition in where.items()]
    act.led = _carry_out(cursor, {record.pk: (record.edition_id or 0, new) for record, new in where.items()})
    act.save(update_fields=["moved", "led"])


def _carry_out(cursor: Any, moves: dict[int, tuple[int, int]]) -> list[tuple[int, int | None]]:
    """{record: (edition before, edition after)}; an edition without records leads on to where the last ones went.

    Returns which editions led to the emptied ones, as (edition, where it led).
    """
    before = dict(moves.values())
    after = set(before.values())
    cursor.execute("UPDATE catalog_edition SET merged_into_id = NULL WHERE id = ANY(%s)", [list(after)])
    set_edition(cursor, {record: new for record, (_, new) in moves.items()})
    left = set(
        SourceRecord.objects.filter(edition__in=before, deleted_at=None).values_list("edition", flat=True)
    )
    emptied = {old: new for old, new in before.items() if old not in left}
    led = list(Edition.objects.filter(merged_into__in=emptied).values_list("pk", "merged_into"))
    editions_redirect(cursor, emptied)
    editions_rebuild(cursor, {*before, *after}, now=timezone.now())
    return led


def _move_back(cursor: Any, act: MatchAct) -> None:
    """Records return to where they were. Then the rules look once more at all that were together: some may have come
    since, or stayed for the sake of this decision.
    """
    moved = {record: (after, before) for record, before, after in act.moved}
    there = dict(
        SourceRecord.objects.filter(
            edition__in={after for after, _ in moved.values()}, deleted_at=None
        ).values_list("pk", "edition")
    )
    moves = {record: where for record, where in moved.items() if there.get(record) == where[0]}
    if moves:
        _carry_out(cursor, moves)
        for edition, target in act.led:
            Edition.objects.filter(pk=edition).update(merged_into=target)
    place_again(cursor, there.keys() | _torn())


def _torn() -> set[int]:
    """Records that a decision in force ties to one in another edition."""
    pairs = MatchDecision.objects.filter(
        is_active=True, is_same=True, one__deleted_at=None, other__deleted_at=None
    ).exclude(one__edition=F("other__edition"))
    return {number for pair in pairs.values_list("one", "other") for number in pair}


def _revive(pairs: Sequence[MatchDecision]) -> None:
    """What was in force about the same pairs before, and was not taken back itself, is in force again."""
    for pair in pairs:
        earlier = (
            MatchDecision.objects.filter(one=pair.one_id, other=pair.other_id, act__undone_at=None)
            .exclude(pk=pair.pk)
            .order_by("-pk")
            .first()
        )
        if earlier and not earlier.is_active:
            MatchDecision.objects.filter(pk=earlier.pk).update(is_active=True)
