"""Brings the buffer of `note` into the counts by day. Called by beat each minute and each night.

A part of the buffer is set aside under a name of its own and counted in one transaction with that name. A worker that
dies before leaves the part, one that dies after it leaves the name: nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import CountedBatch
from catalog.netsettings import LEAST_ASKERS
from catalog.usage.note import SALT_SECONDS, buffer_key

PART = 5000  # lines that are counted in one transaction
Key = tuple[str, str, str, int]  # day, kind, text, edition

# What lies aside is finished first. KEYS: buffer, aside, its name; ARGV: a new name, how many lines.
_SET_ASIDE = """
if redis.call('EXISTS', KEYS[2]) == 0 then
  local lines = redis.call('LRANGE', KEYS[1], 0, ARGV[2] - 1)
  if #lines == 0 then return false end
  redis.call('RPUSH', KEYS[2], unpack(lines))
  redis.call('SET', KEYS[3], ARGV[1])
  redis.call('LTRIM', KEYS[1], ARGV[2], -1)
end
return redis.call('GET', KEYS[3])
"""
_ADD = """
INSERT INTO catalog_usecount (day, kind, text, edition_id, times, nothing, askers)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::bigint[], %s::int[], %s::int[], %s::int[])
ON CONFLICT (day, kind, text, edition_id) DO UPDATE SET
    times = catalog_usecount.times + EXCLUDED.times, nothing = catalog_usecount.nothing + EXCLUDED.nothing,
    askers = greatest(catalog_usecount.askers, EXCLUDED.askers)
"""
# What too few asked keeps its number and loses its words.
_FORGET = """
WITH rare AS (
    DELETE FROM catalog_usecount WHERE kind = 'asked' AND text <> '' AND day < %(today)s AND askers < %(least)s
    RETURNING day, times, nothing
)
INSERT INTO catalog_usecount (day, kind, text, edition_id, times, nothing, askers)
SELECT day, 'asked', '', 0, sum(times), sum(nothing), 0 FROM rare GROUP BY day
ON CONFLICT (day, kind, text, edition_id) DO UPDATE SET
    times = catalog_usecount.times + EXCLUDED.times, nothing = catalog_usecount.nothing + EXCLUDED.nothing
"""


def fold_uses() -> int:
    """Count all that waits; says how many lines."""
    total = 0
    while lines := _fold_part():
        total += lines
    return total


def forget_rare() -> None:
    """After a day has ended: questions of fewer than USAGE_LEAST_ASKERS sessions are joined into one without words."""
    today = timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"today": today, "least": LEAST_ASKERS.now()})
    CountedBatch.objects.filter(counted_at__lt=timezone.now() - timedelta(days=7)).delete()


def _fold_part() -> int:
    redis = cache._cache.get_client()  # type: ignore[attr-defined]
    aside, name_key = f"{buffer_key()}:aside", f"{buffer_key()}:name"
    name = redis.eval(_SET_ASIDE, 3, buffer_key(), aside, name_key, secrets.token_hex(16), PART)
    if not name:
        return 0
    lines = [json.loads(line) for line in redis.lrange(aside, 0, -1)]
    with transaction.atomic():
        _batch, is_new = CountedBatch.objects.get_or_create(name=name.decode())
        if is_new:
            _add(lines, redis)
    redis.delete(aside, name_key)
    return len(lines)


def _add(lines: list[dict[str, Any]], redis: Any) -> None:
    times: dict[Key, int] = defaultdict(int)
    nothing: dict[Key, int] = defaultdict(int)
    people: dict[Key, set[str]] = defaultdict(set)
    for line in lines:
        key = (line["d"], line["k"], line.get("q", ""), line.get("e", 0))
        times[key] += 1
        nothing[key] += line.get("n", 0)
        people[key].add(line["w"])
    keys = sorted(times)
    askers = [_askers(redis, key, people[key]) for key in keys]
    columns = [
        *map(list, zip(*keys, strict=True)),
        [times[k] for k in keys],
        [nothing[k] for k in keys],
        askers,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, columns)


def _askers(redis: Any, key: Key, people: set[str]) -> int:
    """How many different ones so far that day; Redis keeps no list of them, and forgets its estimate after two days."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=12).hexdigest()
    counter = cache.make_key(f"usage:who:{digest}")
    with redis.pipeline(transaction=False) as pipe:
        pipe.pfadd(counter, *people)
        pipe.expire(counter, SALT_SECONDS)
        pipe.pfcount(counter)
        return int(pipe.execute()[2])
