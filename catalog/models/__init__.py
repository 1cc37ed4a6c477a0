"""What came in (sources, runs, records), what it was joined to (editions, holdings), what search must still learn."""

from catalog.models.editions import Edition, Holding, Item
from catalog.models.indexing import DirtyEdition, IndexGeneration
from catalog.models.push import PushSession
from catalog.models.records import (
    GoneRecord,
    HoldingsRecord,
    MatchKey,
    RejectedRecord,
    SeenRecord,
    SourceRecord,
    Stream,
    StreamRecord,
)
from catalog.models.reports import OverlapReport, QualityReport
from catalog.models.sources import Run, Source, SourceKey

__all__ = [
    "DirtyEdition", "Edition", "GoneRecord", "Holding", "HoldingsRecord", "IndexGeneration", "Item", "MatchKey",
    "OverlapReport", "PushSession", "QualityReport", "RejectedRecord", "Run", "SeenRecord", "Source", "SourceKey",
    "SourceRecord", "Stream", "StreamRecord",
]  # fmt: skip
