"""Play a year of an invented network through the portal's routing and print the table of docs/routing.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from loans.simulation.games import RANKINGS, SHAPES
from loans.simulation.play import play
from loans.simulation.report import Report, mean_of, table
from loans.simulation.world import HABITS, make


class Command(BaseCommand):
    help = "Simulate a year of lending between libraries: fill rate, hours and spread of load per rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--libraries", type=int, default=300)
        parser.add_argument("--requests", type=int, default=200_000)
        parser.add_argument(
            "--seed", type=int, nargs="+", default=[4], help="several: their mean is printed too"
        )
        parser.add_argument(
            "--habits", choices=sorted(HABITS), default="books", help="how often libraries refuse"
        )
        parser.add_argument("--shapes", action="store_true", help="every topology instead of the rankings")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        games = SHAPES if options["shapes"] else RANKINGS
        by_rule: dict[int, list[Report]] = {}
        for seed in options["seed"]:
            world = make(options["libraries"], seed, HABITS[options["habits"]])
            for number, game in enumerate(games):
                report = play(world, game(world), requests=options["requests"], seed=seed)
                by_rule.setdefault(number, []).append(report)
        if len(options["seed"]) > 1 and not options["json"]:
            for number, seed in enumerate(options["seed"]):
                self.stdout.write(f"seed {seed}\n{table(rows[number] for rows in by_rule.values())}\n")
            self.stdout.write("mean of the seeds")
        reports = [mean_of(rows) for rows in by_rule.values()]
        told = json.dumps([asdict(report) for report in reports]) if options["json"] else table(reports)
        self.stdout.write(told)
