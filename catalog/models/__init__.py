"""What came in (sources, runs, records), what it was joined to (editions, holdings), what search must still learn."""

from catalog.models.editions import Edition, Holding
from catalog.models.indexing import DirtyEdition, IndexGeneration
from catalog.models.records import MatchKey, RejectedRecord, SeenRecord, SourceRecord
from catalog.models.sources import Run, Source

__all__ = [
    "DirtyEdition", "Edition", "Holding", "IndexGeneration", "MatchKey", "RejectedRecord", "Run", "SeenRecord",
    "Source", "SourceRecord",
]  # fmt: skip
