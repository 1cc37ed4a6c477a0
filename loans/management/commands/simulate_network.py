"""Play a year of an invented network through the portal's routing and print the table of docs/routing.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from loans.simulation.games import RANKINGS, SHAPES
from loans.simulation.habits import HABITS
from loans.simulation.play import play
from loans.simulation.report import Report, reasons, table
from loans.simulation.world import make


class Command(BaseCommand):
    help = "Simulate a year of lending between libraries: fill rate, hours and spread of load per rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--libraries", type=int, default=300)
        parser.add_argument("--requests", type=int, default=200_000)
        parser.add_argument(
            "--seed",
            type=int,
            nargs="+",
            default=[4],
            help="several: their mean and deviation are printed too",
        )
        parser.add_argument(
            "--habits", choices=sorted(HABITS), default="books", help="how often libraries refuse"
        )
        parser.add_argument("--shapes", action="store_true", help="every topology instead of the rankings")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        games = SHAPES if options["shapes"] else RANKINGS
        rules: list[list[Report]] = [[] for _game in games]
        for seed in options["seed"]:
            world = make(options["libraries"], seed, HABITS[options["habits"]])
            for years, game in zip(rules, games, strict=True):
                years.append(play(world, game(world), requests=options["requests"], seed=seed))
        if options["json"]:
            self.stdout.write(json.dumps([[asdict(year) for year in years] for years in rules]))
            return
        if len(options["seed"]) > 1:
            for number, seed in enumerate(options["seed"]):
                self.stdout.write(f"seed {seed}\n{table([years[number]] for years in rules)}\n")
            self.stdout.write("mean of the seeds ± their deviation")
        self.stdout.write(table(rules))
        for years in rules:
            self.stdout.write(f"{years[0].name}\n{reasons(years)}")
