"""What the catalogue holds about a person; read by core.privacy."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network_portal.core.privacy import impersonal, points_to_person


def declare() -> None:
    points_to_person("catalog.SavedSearch", "owner", title=_("Saved searches"))
    points_to_person("catalog.ReadingList", "owner", title=_("Lists"))
    points_to_person("catalog.MatchAct", "by")
    points_to_person("catalog.MatchAct", "undone_by")
    impersonal(
        "descriptions of books: a namesake there is an author",
        "catalog.Edition", "catalog.Heading", "catalog.Holding", "catalog.Item", "catalog.SourceRecord",
        "catalog.HoldingsRecord", "catalog.RejectedRecord", "catalog.StreamRecord", "catalog.ShadowRecord",
        "catalog.Stream", "catalog.MatchDoubt",
    )  # fmt: skip
    impersonal(
        "figures and states of the machine",
        "catalog.IndexGeneration", "catalog.QualityReport", "catalog.OverlapReport", "catalog.Rematch",
        "catalog.CountedBatch",
    )  # fmt: skip
