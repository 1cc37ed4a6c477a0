"""A process that prepares records of a server beside a harvest worker: `python -m …oai.prepare_helper`.

Pickled: first (character set of last resort, rules), then lists of Wanted, each answered by a list of what the records
come down to. Started by preparing.py. No Django, no database. Ends by itself when the worker is gone.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from catalog.formats.reasons import REASONS
from catalog.formats.records import RawRecord
from catalog.harvesting.pages import Group, Head, Prepared, Reject, prepare
from catalog.harvesting.rules import Rule

READY = "ready"
HOLDINGS = frozenset("uvxy")  # leader/06


class Wanted(NamedTuple):
    head: Head
    payload: bytes
    format: str


def prepare_one(wanted: Wanted, fallback: str, rules: Sequence[Rule]) -> Prepared | Reject:
    """Under the server's identifier, whatever the record calls itself."""
    record = RawRecord(0, 0, wanted.payload, wanted.format, "", [], unread=True)
    group = Group(record)
    result = prepare(group, wanted.head, wanted.head.identifier, rules=rules, fallback=fallback)
    if isinstance(result, Reject):
        result.identifier = wanted.head.identifier
    elif group.bib.leader[6:7] in HOLDINGS:
        code = "holdings_unlinked"
        return Reject(0, 0, wanted.head.identifier, code, REASONS[code], wanted.payload[:300], wanted.payload,
                      wanted.format)  # fmt: skip
    return result


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    fallback, rules = pickle.load(questions)  # noqa: S301  the parent's own pipe
    _send(answers, READY)
    while True:
        _send(answers, [prepare_one(one, fallback, rules) for one in pickle.load(questions)])  # noqa: S301


def _send(stream: BinaryIO, message: object) -> None:
    pickle.dump(message, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides when it is over
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)  # a page makes a million small objects and no cycles
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except (BrokenPipeError, EOFError):
        sys.stderr.close()


if __name__ == "__main__":
    main()
