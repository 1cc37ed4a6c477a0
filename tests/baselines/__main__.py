"""`python -m tests.baselines`: ours and the baselines on every labelled set, as a table for docs/matching.md."""

from __future__ import annotations

import sys

from tests.baselines.sets import table

sys.stdout.write("| set | matcher | precision | recall | F1 |\n|---|---|---:|---:|---:|\n")
for title, matcher, found in table():
    shares = (found.precision, found.recall, found.f1)
    sys.stdout.write(f"| {title} | {matcher} | {' | '.join(f'{share:.4f}' for share in shares)} |\n")
