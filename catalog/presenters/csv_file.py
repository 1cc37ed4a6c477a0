"""CSV answers, which every app may give: see network_portal.core.csv_file. Kept for the rooms that import it here."""

from __future__ import annotations

from network_portal.core.csv_file import FORMULA, csv_answer

__all__ = ["FORMULA", "csv_answer"]
