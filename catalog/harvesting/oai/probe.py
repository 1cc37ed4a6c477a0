"""Finding out what an OAI-PMH server can do, in about eight requests. Called when a source is set up, and weekly.

Nothing is believed that can be tried: paging, dates, their survival over pages. What can't be tried is taken from
what is known of the system.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.dates import Window, by_seconds, parse_stamp
from catalog.harvesting.oai.quirks import (
    MARC_NAMESPACE,
    MARC_PREFIXES,
    QUIRKS,
    SHARED_NAMES,
    SYSTEMS,
    Profile,
    system_of,
)
from catalog.harvesting.oai.types import Identity, MetadataFormat, OaiError, OaiPage

REPAIRS = frozenset(
    {
        "text_before_prolog", "text_after_root", "prolog_inside", "illegal_characters", "bare_ampersand", "not_utf8",
        "salvaged", "truncated", "quarantined", "prefix_undeclared",
    }
)  # fmt: skip
# Half a zone's step: anything nearer is a clock that is merely wrong.
ZONE_STEP = timedelta(minutes=25)


def probe(client: OaiClient, *, prefix: str = "", set_spec: str = "") -> Profile:
    """The profile of the server; what ended the probe early is its `error`, and nothing is raised for it."""
    profile = Profile()
    try:
        _Probe(client, profile, prefix, set_spec).run()
    except OaiError as error:
        profile.error, profile.message = error.code, error.message
    profile.quirks.sort(key=lambda code: (QUIRKS[code].best, code), reverse=True)
    return profile


def choose_prefix(formats: list[MetadataFormat]) -> str:
    """The richest format: MARC 21 by its usual names or its namespace, else Dublin Core, else the first."""
    by_name = {f.prefix.lower(): f.prefix for f in formats}
    named = next((by_name[name] for name in MARC_PREFIXES if name in by_name), "")
    spaced = next((f.prefix for f in formats if f.namespace.strip() == MARC_NAMESPACE), "")
    return named or spaced or by_name.get("oai_dc", "") or (formats[0].prefix if formats else "oai_dc")


class _Probe:
    def __init__(self, client: OaiClient, profile: Profile, prefix: str, set_spec: str) -> None:
        self.client, self.profile, self.set_spec = client, profile, set_spec
        self.profile.prefix = prefix

    def run(self) -> None:
        identity = self.client.identify()
        self._note_identity(identity)
        self._try_formats()
        first = self._list({})
        if not first.records:
            self.profile.add("no_records")
            return
        second = self._try_token(first)
        self._note_records(first, second)
        self._recognise(identity, first)
        if "no_dates" not in self.profile.quirks:
            self._try_dates(identity)
            self._try_window(first, second)

    def _list(self, dates: dict[str, str]) -> OaiPage:
        page = self.client.list_records(self.profile.prefix, set_spec=self.set_spec, dates=dates)
        if REPAIRS.intersection(page.warnings) or page.rejects:
            self.profile.add("broken_xml")
        return page

    def _note_identity(self, identity: Identity) -> None:
        profile = self.profile
        profile.repository = identity.repository_name[:200]
        profile.earliest = identity.earliest
        profile.seconds = by_seconds(identity.granularity)
        announced = identity.deleted_record.strip().lower()
        if announced != "persistent":
            profile.add("some_deletes" if announced == "transient" else "no_deletes")
        real = self.client.last_answer.date
        if real and identity.response_date and abs(identity.response_date - real) > ZONE_STEP:
            profile.add("local_time_as_z")
        profile.tried.append("identify")

    def _try_formats(self) -> None:
        try:
            formats = self.client.list_metadata_formats()
            self.profile.sets = len(self.client.list_sets())
        except OaiError:
            formats = []
        self.profile.formats = [f.prefix for f in formats]
        self.profile.prefix = self.profile.prefix or choose_prefix(formats)
        marc = {f.prefix for f in formats if f.namespace.strip() == MARC_NAMESPACE} | set(MARC_PREFIXES)
        if self.profile.prefix.lower() not in marc and self.profile.prefix not in marc:
            self.profile.add("no_marc")

    def _try_token(self, first: OaiPage) -> OaiPage | None:
        profile = self.profile
        profile.complete_list_size = first.complete_list_size
        if not first.token:
            profile.add("no_token")
            return None
        try:
            second = self.client.list_more(first.token, profile.prefix)
        except OaiError:
            profile.add("broken_token")
            return None
        if self.client.prefix_with_token:
            profile.add("prefix_with_token")
        same = [(r.identifier, r.payload) for r in second.records] == [
            (r.identifier, r.payload) for r in first.records
        ]
        if second.token == first.token or same:
            profile.add("endless_list")
        # A token with the number of the next record in it is a position.
        if re.search(rf"(?<!\d){len(first.records)}(?!\d)", first.token):
            profile.add("offset_token")
        profile.tried.append("token")
        return second

    def _note_records(self, first: OaiPage, second: OaiPage | None) -> None:
        records = first.records + (second.records if second else [])
        if not any(parse_stamp(r.datestamp) for r in records):
            self.profile.add("no_dates")
        # oai:<host>:<number>, or like Koha's <archive>:<number>.
        hosts = {re.split(r"[:/]", r.identifier.removeprefix("oai:"))[0].lower() for r in records}
        contents: dict[str, bytes] = {}
        twice = any(contents.setdefault(r.identifier, r.payload) != r.payload for r in records)
        if hosts & SHARED_NAMES or twice:
            self.profile.add("dup_ids")

    def _recognise(self, identity: Identity, first: OaiPage) -> None:
        profile = self.profile
        profile.system = system_of(
            url=self.client.base_url,
            description=f"{identity.repository_name} {identity.description} {identity.base_url}",
            identifiers=[r.identifier for r in first.records],
            token=first.token,
            dated="no_dates" not in profile.quirks,
            payload=b"".join(r.payload for r in first.records[:50]),
            prefix_with_token=self.client.prefix_with_token,
            earliest=identity.earliest,
        )
        known = SYSTEMS[profile.system][1]
        profile.add(*(known - {"no_marc"} if "no_marc" not in profile.quirks else known))
        if "no_deletes" in profile.quirks and "some_deletes" in profile.quirks:
            profile.quirks.remove("some_deletes")

    def _try_dates(self, identity: Identity) -> None:
        """Nothing can have changed in the far future: who sends records for it does not look at dates."""
        now = identity.response_date or self.client.clock.now()
        later = Window(now + timedelta(days=400))
        if not self._answers(later):
            self.profile.tried.append("from")
            return
        both = Window(later.start, now + timedelta(days=500))
        self.profile.add("ignores_from" if self._answers(both) else "from_needs_until")
        self.profile.tried.append("from")

    def _answers(self, window: Window) -> bool:
        try:
            return bool(self._list(window.arguments(seconds=self.profile.seconds)).records)
        except OaiError as error:
            if error.code != "badArgument":
                raise
        if not self.profile.seconds:
            return False  # dates in the future are refused: they are looked at
        try:
            answers = bool(self._list(window.arguments(seconds=False)).records)
        except OaiError as error:
            if error.code != "badArgument":
                raise
            return False
        self.profile.seconds = False
        self.profile.add("days_only")
        return answers

    def _try_window(self, first: OaiPage, second: OaiPage | None) -> None:
        """Whether the second page of a dated list keeps to the dates: asked for a page and a half in the middle.

        A server that forgets the dates gives the second page of everything: records met before, or outside.
        """
        if second is None or "ignores_from" in self.profile.quirks:
            return
        asked = first.records[len(first.records) // 2 :] + second.records
        stamps = sorted(s for s in (parse_stamp(r.datestamp) for r in asked) if s)
        if not stamps:
            return
        window = Window(stamps[0], stamps[-1])
        page = self._list(window.arguments(seconds=self.profile.seconds))
        if not page.token:
            return
        try:
            following = self.client.list_more(page.token, self.profile.prefix)
        except OaiError:
            return
        self.profile.tried.append("token_dates")
        again = {r.identifier for r in page.records}.intersection(r.identifier for r in following.records)
        if again or any(_outside(r.datestamp, window, self.profile.seconds) for r in following.records):
            self.profile.add("token_loses_dates")


def _outside(stamp: str, window: Window, seconds: bool) -> bool:
    at: datetime | None = parse_stamp(stamp)
    if at is None or window.start is None or window.end is None:
        return False
    slack = timedelta() if seconds else timedelta(days=1)
    return not window.start - slack <= at <= window.end + slack
