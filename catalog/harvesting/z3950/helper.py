"""One Z39.50 search in a process of its own: `python -m catalog.harvesting.z3950.helper`, started by search.py.

The order comes in as JSON, the answer goes out as JSON with the records in base64. No Django: it starts in no time.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict

from catalog.harvesting.z3950 import zoom

MEMORY = 1024**3  # bytes of address space; an answer never needs a tenth of it


def main() -> None:
    with suppress(ValueError, OSError):  # a system without such a limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.load(sys.stdin)
    library = zoom.library()
    if library is None:
        json.dump({"missing": True}, sys.stdout)
        return
    result = zoom.search(
        library,
        order["target"],
        order["query"],
        options=order["options"],
        most=order["most"],
        kind=order["kind"],
    )
    answer = {
        "count": result.count,
        "records": [base64.b64encode(record).decode("ascii") for record in result.records],
        "diagnostic": asdict(result.diagnostic) if result.diagnostic else None,
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
