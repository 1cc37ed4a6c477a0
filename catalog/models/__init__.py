"""What came in (sources, runs, records), what it was joined to (editions, holdings), what search must still learn."""

from catalog.acquiring.models import ArrivedTitle, PurchasePlan, WantedTitle
from catalog.acquiring.models_weeding import (
    KeepPromise,
    OfferClaim,
    OfferLine,
    WeedingCheck,
    WeedingOffer,
    WeedingRow,
)
from catalog.models.browsing import CountedBatch, Heading, HeadingOutbox, HeadingUse, NewTitle, UseCount
from catalog.models.covers import Cover, CoverProvider
from catalog.models.decisions import MatchAct, MatchDecision, MatchDoubt
from catalog.models.editions import Edition, Holding, Item
from catalog.models.indexing import DirtyEdition, IndexGeneration
from catalog.models.lists import ListEntry, ReadingList
from catalog.models.outside import OutsideCatalogue
from catalog.models.published_lists import PublishedList
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
from catalog.models.rematch import Rematch, ShadowKey, ShadowRecord
from catalog.models.reports import OverlapReport, QualityReport
from catalog.models.saved import SavedSearch
from catalog.models.sources import Run, Source, SourceKey

__all__ = [
    "ArrivedTitle", "CountedBatch", "Cover", "CoverProvider", "DirtyEdition", "Edition", "GoneRecord",
    "Heading", "HeadingOutbox", "HeadingUse", "Holding", "HoldingsRecord", "IndexGeneration", "Item",
    "KeepPromise", "ListEntry", "MatchAct", "MatchDecision", "MatchDoubt", "MatchKey", "NewTitle",
    "OfferClaim", "OfferLine", "OutsideCatalogue", "OverlapReport", "PublishedList",
    "PurchasePlan", "PushSession", "QualityReport", "ReadingList",
    "RejectedRecord", "Rematch",
    "Run", "SavedSearch", "SeenRecord", "ShadowKey", "ShadowRecord", "Source", "SourceKey", "SourceRecord", "Stream",
    "StreamRecord", "UseCount", "WantedTitle", "WeedingCheck", "WeedingOffer", "WeedingRow",
]  # fmt: skip
