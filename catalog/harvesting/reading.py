"""How records of a source are read today, as one mark: rejected records are worth another try when it has changed."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

from catalog.models import Source

CODE = ("catalog/formats", "catalog/harvesting/oai", "catalog/harvesting/sru")


def settings_mark(source: Source) -> str:
    """Changes with whatever decides how the source's records are read: its settings, and the code itself."""
    how = [source.fallback_encoding, source.rules, source.columns, _code_mark()]
    return blake2b(json.dumps(how, sort_keys=True).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _code_mark() -> str:
    mark = blake2b(digest_size=8)
    for folder in CODE:
        for path in sorted(Path(settings.BASE_DIR, folder).glob("*.py")):
            mark.update(path.read_bytes())
    return mark.hexdigest()
