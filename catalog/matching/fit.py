"""Finding the weights of the comparisons on labelled pairs: a logistic model whose signs are known beforehand.

Called by `manage.py match_fit`, seldom. Needs SciPy, which is among the packages for development alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from catalog.matching import compare as measure
from catalog.matching.labelled import Features, Pair
from catalog.matching.vetoes import veto

POINTS = 10  # a point is a tenth of a logit
LEAST = 0.2  # points; what weighs less is left out
RIDGE = 3e-5  # against weights that only the chance of the sample asks for
LIMIT = 12.0  # logits
# Numbers stand in no labelled set that may be used, and a volume on one side in too few.
BY_HAND = {"isbn_shared": 40.0, "isbn_differs": -15.0, "number_shared": 40.0, "volume_one_sided": -30.0}
COLUMNS = tuple(name for name in measure.NAMES if name not in BY_HAND)
# What poorer catalogues leave out, and how often it is left out of each copy of a pair: the weights have to hold for
# them too, and the labelled records are richer than most.
LEFT_OUT = (
    (("names",), 0.15), (("publisher",), 0.15), (("pages", "numbers"), 0.2), (("rest",), 0.1),
    (("edition", "edition_words"), 0.2), (("year", "years"), 0.05),
)  # fmt: skip
COPIES = 3


def fit(pairs: Sequence[Pair], seed: int = 1) -> tuple[float, dict[str, float]]:
    """(the start, the weight of each comparison), in points. Pairs with a veto teach nothing. Raises ImportError."""
    import numpy
    from scipy.optimize import minimize

    rows, same = _table(pairs, random.Random(seed))  # noqa: S311
    table, wanted = numpy.array(rows, float), numpy.array(same, float)

    def loss(weights: Any) -> tuple[Any, Any]:
        logits = table @ weights[:-1] + weights[-1]
        signed = numpy.where(wanted == 1, logits, -logits)
        cost = numpy.logaddexp(0, -signed).mean() + RIDGE / 2 * (weights[:-1] ** 2).sum()
        slope = (1 / (1 + numpy.exp(-logits)) - wanted) / len(wanted)
        return cost, numpy.append(table.T @ slope + RIDGE * weights[:-1], slope.sum())

    signs = [(0, LIMIT) if name in measure.FOR else (-LIMIT, 0) for name in COLUMNS]
    found = minimize(
        loss, numpy.zeros(len(COLUMNS) + 1), jac=True, bounds=[*signs, (-LIMIT, LIMIT)], method="L-BFGS-B",
        options={"maxiter": 3000},
    ).x  # fmt: skip
    points = {name: round(float(POINTS * w), 1) for name, w in zip(COLUMNS, found, strict=False)}
    kept = {name: value for name, value in points.items() if abs(value) >= LEAST}
    return round(float(POINTS * found[-1]), 1), kept


def _table(pairs: Sequence[Pair], rng: random.Random) -> tuple[list[list[float]], list[bool]]:
    rows: list[list[float]] = []
    same: list[bool] = []
    for pair in pairs:
        for copy in range(COPIES + 1):
            a, b = (pair.a, pair.b) if not copy else (_poorer(pair.a, rng), _poorer(pair.b, rng))
            if veto(a, b):
                continue
            found = measure.comparisons(a, b)
            rows.append([found.get(name, 0.0) for name in COLUMNS])
            same.append(pair.same)
    return rows, same


def _poorer(record: Features, rng: random.Random) -> Features:
    gone = {key for keys, often in LEFT_OUT if rng.random() < often for key in keys}
    return {key: value for key, value in record.items() if key not in gone}
