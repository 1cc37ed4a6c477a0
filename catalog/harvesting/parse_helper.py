"""The parsing process beside a harvest worker: `python -m catalog.harvesting.parse_helper`; jobs come as JSON lines.

Reads and prepares the next page on one core while the worker writes the last one on the other. Pickled messages go
out as Page, then for each page the Page after it (None at the end) and, once the worker has said which of the page's
records it wants, the list of these prepared. A file that is no MARC gives (code, text) instead.
Ends by itself when the worker is gone, or when no job has come for a while. Its memory is that of a page, whatever
the size of the file.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import queue
import select
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from catalog.formats.errors import FormatError
from catalog.harvesting.pages import prepare, read_pages

READY = "ready"  # says that a kept process still lives; helper.py waits for it
IDLE_SECONDS = 20


def serve(job: dict[str, object], answers: Answers, questions: BinaryIO) -> None:
    resume, rules = job.get("resume"), job.get("rules")
    rules = rules if isinstance(rules, list) else []
    fallback = str(job["fallback"])
    with Path(str(job["path"])).open("rb") as stream:
        pages = read_pages(
            stream,
            fallback=fallback,
            resume=tuple(resume) if isinstance(resume, list) else None,
            done=int(str(job["done"])),
            page_records=int(str(job["page_records"])),
        )
        try:
            current = next(pages, None)
            answers.send(current[0] if current else None)
            while current:
                page, groups = current
                # One page ahead: the worker answers for that one before it starts to write this one.
                current = next(pages, None)
                answers.send(current[0] if current else None)
                wanted: list[int] = pickle.load(questions)  # noqa: S301  the parent's own pipe
                answers.send(
                    [prepare(groups[i], page.heads[i], rules=rules, fallback=fallback) for i in wanted]
                )
        except FormatError as refusal:
            answers.send((refusal.code, refusal.message))


class Answers:
    """Messages on their way to the worker. A thread pushes them through the pipe, so that the next page is prepared
    while the worker is busy; it never has more than a page or two, since the worker is asked about each.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: queue.Queue[bytes] = queue.Queue(2)
        threading.Thread(target=self._push, daemon=True).start()

    def send(self, message: object) -> None:
        self._waiting.put(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))

    def finish(self) -> None:
        """Return when everything has gone out."""
        self._waiting.join()

    def _push(self) -> None:
        while True:
            message = self._waiting.get()
            try:
                self._stream.write(message)
                self._stream.flush()
            except OSError:  # the worker is gone, and nothing is left to be done
                os._exit(0)
            self._waiting.task_done()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides when it is over
    # A page makes a million small objects and no cycles: looking for some that often costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    answers, questions = Answers(sys.stdout.buffer), sys.stdin.buffer
    try:
        while select.select([questions], [], [], IDLE_SECONDS)[0] and (job := questions.readline()):
            answers.send(READY)
            serve(json.loads(job), answers, questions)
            answers.finish()
    except EOFError:
        sys.stderr.close()


if __name__ == "__main__":
    main()
