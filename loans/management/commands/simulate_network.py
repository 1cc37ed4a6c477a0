"""Play a year of an invented network through the portal's routing and print the table of docs/routing.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from loans.simulation.games import RANKINGS, SHAPES
from loans.simulation.play import play
from loans.simulation.report import table
from loans.simulation.world import make


class Command(BaseCommand):
    help = "Simulate a year of lending between libraries: fill rate, hours and spread of load per rule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--libraries", type=int, default=300)
        parser.add_argument("--requests", type=int, default=200_000)
        parser.add_argument("--seed", type=int, default=4)
        parser.add_argument("--shapes", action="store_true", help="every topology instead of the rankings")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        world = make(options["libraries"], options["seed"])
        games = SHAPES if options["shapes"] else RANKINGS
        reports = [
            play(world, game(world), requests=options["requests"], seed=options["seed"]) for game in games
        ]
        told = json.dumps([asdict(report) for report in reports]) if options["json"] else table(reports)
        self.stdout.write(told)
