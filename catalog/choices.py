"""Values of the catalogue's fields: value, label and tone together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices import LibraryStatus

# Whose holdings are searched and shown: not of who left, or has not joined yet.
SHOWN_LIBRARIES = (LibraryStatus.ACTIVE, LibraryStatus.SUSPENDED)


class SourceKind(models.TextChoices):
    UPLOAD = "upload", _("File uploaded in the browser")
    PATH = "path", _("File on the server")
    URL = "url", _("File at a web address, fetched on schedule")
    FOLDER = "folder", _("Folder on the server that is watched for new files")
    OAI_PMH = "oai_pmh", _("OAI-PMH server, asked on schedule")
    SRU = "sru", _("SRU server, asked on schedule")
    Z3950 = "z3950", _("Z39.50 server, for looking up and copying single records")
    PUSH = "push", _("Agent at the library that sends records and copies by itself")


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARTIAL = "partial", _("Done, with rejected records")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")
    PAUSED = "paused", _("Paused")

    @property
    def tone(self) -> str:
        return {
            "queued": "info", "running": "info", "done": "ok", "partial": "attention", "failed": "stop",
            "stopped": "attention", "paused": "attention",
        }[self.value]  # fmt: skip


# A run in one of these holds its source: another one can't begin.
LIVE_RUNS = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED)


class RunKind(models.TextChoices):
    """What a run does. All of them write pages of records with a checkpoint."""

    HARVEST = "harvest", _("Fetched or uploaded")
    PUSH = "push", _("Sent by the library's agent")
    RENORMALISE = "renormalise", _("Read again from the stored originals")
    RETRY = "retry", _("Rejected records tried again")
    SWITCH = "switch", _("Switched to another full file")
    REKEY = "rekey", _("Record numbers changed over")
    SURVEY = "survey", _("Compared with the source that it replaces")
    COMPARE = "compare", _("Full file compared with the records in use")
    COPY = "copy", _("Single record copied")
    DELETES = "deletes", _("Held deletions decided")
    ITEMS = "items", _("List of copies read")


class Gone(models.TextChoices):
    """Why a record was taken out of the catalogue."""

    ANNOUNCED = "announced", _("Its source said that it is deleted")
    MISSING = "missing", _("Complete lists of its source lacked it")
    SWITCHED = "switched", _("The full file chosen instead lacks it")


class PushPart(models.TextChoices):
    """What a library's agent sends."""

    RECORDS = "records", _("Records")
    ITEMS = "items", _("Copies")


class StreamState(models.TextChoices):
    """A full file beside the one in use."""

    LOADING = "loading", _("Being read")
    PENDING = "pending", _("Waits for the switch")
    PREVIOUS = "previous", _("The one before: can be brought back")
    DROPPED = "dropped", _("Dropped")


class Format(models.TextChoices):
    """What a work comes as; the values are catalog.formats.draft.FORMATS."""

    BOOK = "book", _("Book")
    SERIAL = "serial", _("Journal or magazine")
    ARTICLE = "article", _("Article")
    THESIS = "thesis", _("Thesis")
    MAP = "map", _("Map")
    SCORE = "score", _("Sheet music")
    AUDIO = "audio", _("Audio")
    VIDEO = "video", _("Film or video")
    IMAGE = "image", _("Picture")
    COMPUTER = "computer", _("Computer file")
    KIT = "kit", _("Kit")
    MANUSCRIPT = "manuscript", _("Manuscript")
    OBJECT = "object", _("Object")
    OTHER = "other", _("Other")


class CoverState(models.TextChoices):
    FOUND = "found", _("Fetched")
    NONE = "none", _("There is none")
    FAILED = "failed", _("Could not be fetched")


class ItemStatus(models.TextChoices):
    AVAILABLE = "available", _("Available")
    ON_LOAN = "on_loan", _("On loan")
    REFERENCE = "reference", _("Use in the library only")
    UNAVAILABLE = "unavailable", _("Not available")
    UNKNOWN = "unknown", _("Ask the library")

    @property
    def tone(self) -> str:
        return {
            "available": "ok", "on_loan": "attention", "reference": "plain", "unavailable": "stop", "unknown": "plain",
        }[self.value]  # fmt: skip


class GenerationState(models.TextChoices):
    BUILDING = "building", _("Being built")
    LIVE = "live", _("In use")
    RETIRED = "retired", _("Retired")


class RematchStatus(models.TextChoices):
    BUILDING = "building", _("Being made")
    BUILT = "built", _("Ready to be used")
    SWITCHING = "switching", _("Taking over")
    DONE = "done", _("In use")
    DROPPED = "dropped", _("Given up")


class Decided(models.TextChoices):
    SAME = "same", _("One edition")
    APART = "apart", _("Kept apart")
    MERGE = "merge", _("Editions joined by hand")
    SPLIT = "split", _("Records taken out by hand")


class HeadingKind(models.TextChoices):
    """The lists that can be browsed A–Z. Of serials there is a list of their own, with what each library has."""

    TITLE = "title", _("Titles")
    AUTHOR = "author", _("Authors")
    SUBJECT = "subject", _("Subjects")
    CALL = "call", _("Call numbers")
    SERIAL = "serial", _("Serials")


class UseKind(models.TextChoices):
    ASKED = "asked", _("Searched")
    OPENED = "opened", _("Opened")


class Alert(models.TextChoices):
    OFF = "off", _("No mail")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")

    @property
    def days(self) -> int:
        """Between two mails; 0: there is none."""
        return {"off": 0, "daily": 1, "weekly": 7}[self.value]
