"""Every address of the portal × every role: what it answers. A new address needs a row here, or the build fails.

A row reads: name of the address, its arguments, then the answers for
    anonymous   patron   manager of another library   librarian   manager   coordinator
where `login` means "led to the login page" and 302 "done, and on to the next page".
The objects belong to the library of patron, librarian and manager; so column three is where 404 is expected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.models import (
    Edition,
    Holding,
    MatchAct,
    MatchDecision,
    MatchDoubt,
    OutsideCatalogue,
    ReadingList,
    Run,
    Source,
    SourceKey,
    SourceRecord,
    Stream,
)
from loans.balance.report import report_make
from loans.models import (
    CoordinatorRule,
    CourierBag,
    MediationRule,
    MessageTemplate,
    Request,
    SavedView,
    SupplyAttempt,
)
from members.choices import MembershipStatus, Role
from members.importing.table import read_table
from members.models import Library, Membership, Network, PatronCategory, PatronImport, User
from network_portal.core.models import JobRun, OutgoingMail
from tests.catalog.acquiring import matrix as acquiring
from tests.loans.copies import matrix as copies
from tests.loans.modelling import matrix as modelling
from tests.members.joining import matrix as joining
from tests.members.knowledge import matrix as knowledge
from tests.members.learning import matrix as learning
from tests.members.signin import matrix as signin
from tests.members.world import make_library, make_member

ROLES = ("anonymous", "patron", "other", "librarian", "manager", "coordinator")
# Django's own admin exists only with ADMIN_ENABLED and guards itself.
FOREIGN_NAMESPACES = ("admin",)


@dataclass
class World:
    """One library with its people and one object of each kind; another library; the network's coordinator."""

    library: Library = field(default_factory=lambda: make_library("RUMAH", name="Perpustakaan Rumah"))
    elsewhere: Library = field(default_factory=lambda: make_library("LAIN", name="Perpustakaan Lain"))
    office: Library = field(default_factory=lambda: make_library("PUSAT", name="Kantor Jaringan"))

    def __post_init__(self) -> None:
        self.people: dict[str, User | None] = {
            "anonymous": None,
            "patron": make_member("patron@example.org", self.library),
            "other": make_member("other@example.org", self.elsewhere, Role.MANAGER),
            "librarian": make_member("librarian@example.org", self.library, Role.LIBRARIAN),
            "manager": make_member("manager@example.org", self.library, Role.MANAGER),
            "coordinator": make_member("coordinator@example.org", self.office, Role.COORDINATOR),
        }
        waiting = make_member("waiting@example.org", self.library, status=MembershipStatus.PENDING)
        self.waiting: Membership = waiting.memberships.get()
        self.reader: Membership = make_member("reader@example.org", self.library).memberships.get()
        self.colleague: Membership = make_member(
            "c@example.org", self.library, Role.LIBRARIAN
        ).memberships.get()
        now = timezone.now()
        self.edition = Edition.objects.create(title="Bumi Manusia", created_at=now, changed_at=now)
        self.source = Source.objects.create(library=self.library, name="Katalog")
        self.target = Source.objects.create(
            library=self.library, name="Z39.50", kind="z3950", url="127.0.0.1:9"
        )
        self.copied = SourceRecord.objects.create(
            source=self.source, identifier="1", raw=b"", raw_format="marcxml", content_hash=b"",
            first_seen_at=timezone.now(), changed_at=timezone.now(),
        )  # fmt: skip
        lender = self._lend_elsewhere(now)
        self.run = Run.objects.create(source=self.source, status="running")
        self._doubt(now)
        self.outside = OutsideCatalogue.objects.create(name="Luar", address="https://luar.example/?q={q}")
        self.kept = ReadingList.objects.create(
            owner=self.people["patron"], name="Milik saya", share_token="t" * 32
        )
        self.stream = Stream.objects.create(source=self.source, state="pending")
        self.mail = OutgoingMail.objects.create(
            template="t", to_email="a@example.org", language="id", subject="s", body_text="b",
            library_id=self.library.pk, status="sent",
        )  # fmt: skip
        self.job = JobRun.objects.create(kind="k", label="l", library_id=self.library.pk)
        self.request = Request.objects.create(
            number="RUMAH-2026-000001", edition=self.edition, title="Bumi Manusia", status="submitted",
            patron=self.people["patron"], requesting_library=self.library,
        )  # fmt: skip
        SupplyAttempt.objects.create(
            request=self.request, position=1, supplier=lender, status="refused", closed_at=now
        )

    def _lend_elsewhere(self, now: datetime) -> Library:
        """A library that belongs to none of the six holds the title: so it can be asked for."""
        lender = make_library("LUMBUNG", name="Perpustakaan Lumbung")
        source = Source.objects.create(library=lender, name="Katalog")
        record = SourceRecord.objects.create(
            source=source, identifier="1", raw=b"", raw_format="iso2709", content_hash=b"",
            edition=self.edition, first_seen_at=now, changed_at=now,
        )  # fmt: skip
        Holding.objects.create(edition=self.edition, library=lender, record=record, as_of=now)
        return lender

    def _doubt(self, now: datetime) -> None:
        """A record of the library, which may be one edition with another of its own, and a decision about the two."""
        self.doubted = Edition.objects.create(title="Bumi", record_count=1, created_at=now, changed_at=now)
        own, alike = (
            SourceRecord.objects.create(
                source=self.source, identifier=f"d{n}", raw=b"", raw_format="iso2709", content_hash=b"",
                edition=Edition.objects.create(title="Bumi", created_at=now, changed_at=now) if n else self.doubted,
                first_seen_at=now, changed_at=now,
            )
            for n in range(2)
        )  # fmt: skip
        self.doubt = MatchDoubt.objects.create(one=own, other=alike, score=1, rules="1", seen_at=now)
        self.act = MatchAct.objects.create(kind="apart", at=now)
        MatchDecision.objects.create(
            act=self.act, one=own, other=alike, one_source=self.source, one_identifier="d0",
            other_source=self.source, other_identifier="d1", is_same=False,
        )  # fmt: skip


Arguments = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    name: str
    answers: str
    kwargs: Arguments = lambda world: {}
    query: Arguments = lambda world: {}
    method: str = "get"
    optional: bool = False  # an address that exists only with some settings

    def expected(self, role: str) -> str:
        return self.answers.split()[ROLES.index(role)]


def a_category(world: World) -> int:
    """A kind of reader of the world's library."""
    return PatronCategory.objects.create(library=world.library, code="MHS", name="Mahasiswa").pk


def a_report(world: World) -> dict[str, Any]:
    """A yearly report of the world's library."""
    report_make(library=world.library, year=2025)
    return {"code": world.library.short_code, "year": 2025}


def a_rule(world: World) -> int:
    """What the world's library lets out without a look."""
    return MediationRule.objects.create(library=world.library, effect="auto").pk


def a_desk(world: World) -> Network:
    """A guided network that the world's library coordinates."""
    values = {"name": "Guided", "guided": True, "coordinator_library": world.library}
    return Network.objects.get_or_create(code="GUIDED", defaults=values)[0]


def with_a_desk(world: World) -> dict[str, Any]:
    a_desk(world)
    return {}


def a_desk_rule(world: World) -> int:
    return CoordinatorRule.objects.create(network=a_desk(world), effect="hold").pk


def code(world: World) -> dict[str, Any]:
    return {"code": world.library.short_code}


def number(world: World) -> dict[str, Any]:
    return {"number": world.request.number}


def a_network(world: World) -> dict[str, Any]:
    return {"code": Network.objects.get_or_create(code="NET", defaults={"name": "Network"})[0].code}


def a_key(world: World) -> int:
    """A key of an agent for the world's source."""
    return SourceKey.objects.create(source=world.source, name="PC", digest="0" * 64).pk


def a_view(world: World) -> int:
    """A list that the librarian has kept under a name, and shows to colleagues."""
    owner = world.people["librarian"]
    assert owner is not None
    return SavedView.objects.create(
        user=owner, library=world.library, queue="requesting", name="Rush", shared=True
    ).pk


def an_invitation(world: World) -> dict[str, Any]:
    """Somebody whom the world's library invited, and who has not come yet."""
    invited = make_member("diundang@example.org", world.library, Role.LIBRARIAN, password=None)
    return {**code(world), "pk": invited.memberships.get().pk}


def an_import(world: World) -> dict[str, Any]:
    """A file with readers that the world's library is about to take over."""
    table = read_table(b"email\na@example.org\n")
    row = PatronImport.objects.create(library=world.library, columns=["email"], packed=table.packed)
    return {"pk": row.pk}


def a_bag(world: World) -> int:
    """A bag that the world's library packs for another one."""
    elsewhere = Library.objects.exclude(pk=world.library.pk).order_by("pk")[0]
    return CourierBag.objects.create(from_library=world.library, to_library=elsewhere, code="BAG-1").pk


def a_template(world: World) -> int:
    """Words that the world's library writes often."""
    return MessageTemplate.objects.create(library=world.library, language="id", event="Rusak", body="…").pk


#                                  anonym. patron other  librarian manager coordinator
ALL_SEE = "                        200     200    200    200       200     200        "
WITH_ACCOUNT = "                   login   200    200    200       200     200        "
GUESTS = "                         200     302    302    302       302     302        "
AGENTS_ONLY = "                    401     401    401    401       401     401        "

ROWS: tuple[Row, ...] = (
    # --- pages and health
    Row("pages:home", ALL_SEE),
    Row("pages:overview", "login 403 403 403 403 200"),
    Row("pages:today", "login 403 200 200 200 403"),
    Row("pages:settings", "login 403 403 403 403 200"),
    Row("pages:setting", "login 403 403 403 403 200", lambda w: {"code": "loans.hold_shelf_days"}),
    Row("pages:help", ALL_SEE),
    Row("pages:handbook", ALL_SEE, lambda w: {"slug": "patron"}),
    Row("pages:accessibility", ALL_SEE),
    Row("pages:status", ALL_SEE),
    Row("pages:robots", ALL_SEE),
    Row("pages:styleguide", ALL_SEE, optional=True),
    Row("set_language", "302 302 302 302 302 302", method="post"),
    Row("core:healthz", ALL_SEE),
    Row("core:readyz", "200|503 200|503 200|503 200|503 200|503 200|503"),
    # --- staff pages of core
    Row("core:mail", "login 403 200 200 200 200"),
    Row("core:mail_detail", "login 403 404 200 200 200", lambda w: {"pk": w.mail.pk}),
    Row("core:mail_resend", "login 403 404 302 302 302", lambda w: {"pk": w.mail.pk}, method="post"),
    Row("core:jobs", "login 403 200 200 200 200"),
    Row("core:job", "login 403 404 200 200 200", lambda w: {"pk": w.job.pk}),
    Row("core:audit", "login 403 200 403 200 200"),
    # --- members
    Row("members:libraries", ALL_SEE),
    Row("members:directory", ALL_SEE),
    *(Row(*one) for one in joining.ROWS),
    *(Row(*one) for one in knowledge.ROWS),
    *(Row(*one) for one in acquiring.ROWS),
    *(Row(*one) for one in signin.ROWS),
    Row("members:library", ALL_SEE, code),
    Row("members:library_new", "login 403 403 403 403 200"),
    Row("members:library_edit", "login 403 404 403 200 200", code),
    Row("members:policies", "login 403 404 403 200 200", code),
    Row("members:policy_edit", "login 403 404 403 200 200", lambda w: {**code(w), "service": "loan"}),
    Row("members:policy_part_new", "login 403 404 403 200 200", lambda w: {**code(w), "part": "fees"}),
    Row("members:policy_part", "login 403 404 403 404 404", lambda w: {**code(w), "part": "fees", "pk": 1}),
    Row(
        "members:policy_part_remove",
        "login 403 404 403 404 404",
        lambda w: {**code(w), "part": "fees", "pk": 1},
        method="post",
    ),
    Row("members:library_calendar", "login 403 404 403 200 200", code),
    Row("members:network_calendar", "login 403 403 403 403 200"),
    Row("members:network_holidays", "login 403 403 403 403 200", lambda w: {"year": 2026}),
    Row("members:categories", "login 403 404 403 200 200", code),
    Row("members:category_new", "login 403 404 403 200 200", code),
    Row("members:category", "login 403 404 403 200 200", lambda w: {**code(w), "pk": a_category(w)}),
    Row("members:category_remove", "login 403 404 403 200 200", lambda w: {**code(w), "pk": a_category(w)}),
    Row("members:staff", "login 403 404 403 200 200", code),
    Row("members:staff_end", "login 403 404 403 200 200", lambda w: {**code(w), "pk": w.colleague.pk}),
    Row("members:staff_export", "login 403 404 403 200 200", code),
    Row("members:staff_role", "login 403 404 403 200 200", lambda w: {**code(w), "pk": w.colleague.pk}),
    Row("members:staff_resend", "login 403 404 403 302 302", an_invitation, method="post"),
    Row("members:staff_withdraw", "login 403 404 403 200 200", lambda w: {**code(w), "pk": w.colleague.pk}),
    Row("members:people_export", "login 403 200 200 200 403"),
    Row("members:imports", "login 403 200 403 200 200"),
    Row("members:import", "login 403 404 403 200 404", an_import),
    Row("members:import_problems", "login 403 404 403 200 404", an_import),
    Row("members:import_drop", "login 403 404 403 302 404", an_import, method="post"),
    Row("members:import_undo", "login 403 404 403 200 404", an_import),
    Row("members:people", "login 403 200 200 200 403"),
    Row("members:person_confirm", "login 403 404 302 302 403", lambda w: {"pk": w.waiting.pk}, method="post"),
    Row("members:person_refuse", "login 403 404 200 200 403", lambda w: {"pk": w.waiting.pk}),
    Row("members:person_end", "login 403 404 200 200 403", lambda w: {"pk": w.reader.pk}),
    Row("members:person_standing", "login 403 404 200 200 403", lambda w: {"pk": w.reader.pk}),
    Row("members:privacy", WITH_ACCOUNT),
    Row("members:privacy_data", WITH_ACCOUNT),
    Row("members:privacy_erase", WITH_ACCOUNT),
    Row("members:person_data", "login 403 404 200 200 403", lambda w: {"pk": w.reader.pk}),
    Row("members:account", WITH_ACCOUNT),
    Row("members:profile", WITH_ACCOUNT),
    Row("members:home_library", WITH_ACCOUNT),
    Row("members:working_library", WITH_ACCOUNT),
    Row("members:after_login", "login 302 302 302 302 302"),
    # --- programmes of members for members
    Row("members:learning", ALL_SEE),
    Row("members:learning_calendar", ALL_SEE),
    Row("members:learning_feed", ALL_SEE),
    Row("members:learning_mine", WITH_ACCOUNT),
    Row("members:learning_link_renew", "login 302 302 302 302 302", method="post"),
    Row("members:learning_feed_own", ALL_SEE, lambda w: learning.token(w.people["patron"])),
    Row("members:learning_new", "login 403 200 200 200 200"),
    Row("members:learning_host", "login 403 200 200 200 200"),
    Row("members:learning_asked_first", "login 403 302 403 302 403", method="post"),
    Row("members:learning_overview", "login 403 403 403 403 200"),
    Row(
        "members:learning_decide",
        "login 403 404 200 200 200",
        lambda w: learning.place(w.library, w.people["patron"]),
    ),
    Row(
        "members:learning_internship",
        "login 200 404 200 200 200",
        lambda w: learning.place(w.library, w.people["patron"]),
    ),
    Row("members:learning_programme", ALL_SEE, lambda w: learning.programme(w.library)),
    Row("members:learning_feed_programme", ALL_SEE, lambda w: learning.programme(w.library)),
    Row("members:learning_edit", "login 403 404 200 200 200", lambda w: learning.programme(w.library)),
    Row(
        "members:learning_step",
        "login 403 404 200 200 200",
        lambda w: {**learning.programme(w.library), "action": "cancel"},
    ),
    Row("members:learning_register", WITH_ACCOUNT, lambda w: learning.programme(w.library)),
    Row(
        "members:learning_withdraw",
        "login 200 404 404 404 404",
        lambda w: learning.taken(w.library, w.people["patron"]),
    ),
    Row(
        "members:learning_opinion",
        "login 200 404 404 404 404",
        lambda w: learning.taken(w.library, w.people["patron"]),
    ),
    Row("members:learning_people", "login 403 404 200 200 200", lambda w: learning.programme(w.library)),
    Row("members:learning_attendance", "login 403 404 200 200 200", lambda w: learning.session(w.library)),
    Row(
        "members:learning_certificates",
        "login 403 404 302 302 302",
        lambda w: learning.over(w.library),
        method="post",
    ),
    Row("members:learning_results", "login 403 404 200 200 200", lambda w: learning.programme(w.library)),
    Row("members:certificate_ask", ALL_SEE),
    Row("members:certificate", ALL_SEE, lambda w: learning.code(w.library, w.people["patron"])),
    Row(
        "members:certificate_pdf",
        "login 200|404 404 200|404 200|404 200|404",
        lambda w: learning.code(w.library, w.people["patron"]),
    ),
    Row(
        "members:certificate_revoke",
        "login 403 404 200 200 200",
        lambda w: learning.code(w.library, w.people["patron"]),
    ),
    Row("members:permissions", ALL_SEE),
    Row("members:networks", "login 403 403 403 403 200"),
    Row("members:network_new", "login 403 403 403 403 200"),
    Row("members:network_routing", "login 403 403 403 403 200", a_network),
    Row("members:network_daily", "login 403 403 403 403 200", a_network),
    Row("members:network_places", "login 403 403 403 403 200", a_network),
    # --- login, sign-up, second step (allauth)
    Row("account_login", GUESTS),
    Row("account_signup", GUESTS),
    Row("account_logout", "302 200 200 200 200 200"),
    Row("account_inactive", ALL_SEE),
    Row("account_reauthenticate", WITH_ACCOUNT),
    Row("account_email", WITH_ACCOUNT),
    Row("account_email_verification_sent", ALL_SEE),
    Row("account_confirm_email", ALL_SEE, lambda w: {"key": "no-such-key"}),
    Row("account_change_password", WITH_ACCOUNT),
    Row("account_set_password", "login 302 302 302 302 302"),
    Row("account_reset_password", ALL_SEE),
    Row("account_reset_password_done", ALL_SEE),
    Row("account_reset_password_from_key", ALL_SEE, lambda w: {"uidb36": "1", "key": "no-such-key"}),
    Row("account_reset_password_from_key_done", ALL_SEE),
    Row("account_confirm_login_code", "302 302 302 302 302 302"),
    Row("mfa_index", WITH_ACCOUNT),
    Row("mfa_authenticate", "302 302 302 302 302 302"),
    Row("mfa_reauthenticate", "login 302 302 302 302 302"),
    Row("mfa_activate_totp", "login 302 302 302 302 302"),
    Row("mfa_deactivate_totp", "login 404 404 404 404 404"),
    Row("mfa_view_recovery_codes", "login 404 404 404 404 404"),
    Row("mfa_generate_recovery_codes", "login 302 302 302 302 302"),
    Row("mfa_download_recovery_codes", "login 404 404 404 404 404"),
    # --- catalogue
    # 503: this world has no index, and the page says so
    Row("catalog:search", "503 503 503 503 503 503"),
    Row("catalog:export", "503 503 503 503 503 503"),
    Row("catalog:lists", ALL_SEE),
    Row("catalog:list_add", "302 302 302 302 302 302"),  # nothing was ticked
    # Nobody but its reader, whoever runs the library or the network.
    Row("catalog:list", "404 200 404 404 404 404", lambda w: {"pk": w.kept.pk}),
    Row("catalog:list_export", "404 200 404 404 404 404", lambda w: {"pk": w.kept.pk}),
    Row("catalog:list_delete", "404 200 404 404 404 404", lambda w: {"pk": w.kept.pk}),
    Row("catalog:list_change", "404 422 404 404 404 404", lambda w: {"pk": w.kept.pk}, method="post"),
    Row("catalog:list_share", "404 302 404 404 404 404", lambda w: {"pk": w.kept.pk}, method="post"),
    Row(
        "catalog:list_entry",
        "404 302 404 404 404 404",
        lambda w: {"pk": w.kept.pk, "edition": 1},
        method="post",
    ),
    Row("catalog:list_shared", ALL_SEE, lambda w: {"token": "t" * 32}),
    Row("catalog:list_shared_export", ALL_SEE, lambda w: {"token": "t" * 32}),
    Row("catalog:search_complete", ALL_SEE),
    Row("catalog:search_advanced", ALL_SEE),
    Row("catalog:saved", WITH_ACCOUNT),
    Row("catalog:saved_new", WITH_ACCOUNT),
    # everybody's own alone: in this world nobody has one
    Row("catalog:saved_change", "login 404 404 404 404 404", lambda w: {"pk": 1}),
    Row("catalog:saved_delete", "login 404 404 404 404 404", lambda w: {"pk": 1}, method="post"),
    Row("catalog:saved_stop", "404 404 404 404 404 404", lambda w: {"token": "1.wrong"}),
    Row("catalog:feed", "503 503 503 503 503 503", lambda w: {"kind": "rss"}),
    Row("catalog:network_feed", ALL_SEE, lambda w: {"kind": "rss"}),
    Row("catalog:library_feed", ALL_SEE, lambda w: {"code": "RUMAH", "kind": "atom"}),
    Row("catalog:sitemap_index", ALL_SEE),
    Row("catalog:sitemap_portal", ALL_SEE),
    Row("catalog:sitemap", ALL_SEE, lambda w: {"page": 0}),
    Row("catalog:opensearch", ALL_SEE),
    Row("catalog:suggestions", ALL_SEE),
    Row("catalog:unapi", ALL_SEE),
    Row(
        "catalog:search_values", "302 302 302 302 302 302", lambda w: {"key": "author"}
    ),  # to the page that says so
    Row("catalog:edition", ALL_SEE, lambda w: {"pk": w.edition.pk}),
    Row("catalog:cover", "404 404 404 404 404 404", lambda w: {"name": "0" * 32 + "-s"}),  # there is none
    Row("catalog:browse", ALL_SEE),
    Row("catalog:browse_kind", ALL_SEE, lambda w: {"kind": "title"}),
    Row("catalog:new_titles", ALL_SEE),
    Row("catalog:serials", ALL_SEE),
    Row("catalog:serials_csv", ALL_SEE),
    Row("catalog:search_statistics", "login 403 200 200 200 200"),
    Row("catalog:search_statistics_csv", "login 403 200 200 200 200"),
    Row("catalog:wanted", "login 403 200 200 200 200"),
    Row("catalog:wanted_csv", "login 403 200 200 200 200"),
    Row("catalog:edition_marc", ALL_SEE, lambda w: {"pk": w.edition.pk}),
    Row("catalog:edition_download", "login 403 409 409 409 409", lambda w: {"pk": w.edition.pk}),
    Row("catalog:record_download", "login 403 404 404 404 404", lambda w: {"pk": w.copied.pk}),
    Row("catalog:list_download", "login 403 503 503 503 503"),
    Row("catalog:edition_why", "login 403 200 200 200 200", lambda w: {"pk": w.edition.pk}),
    Row("catalog:covers", "login 403 403 403 403 200"),
    Row("catalog:covers_try", "login 403 403 403 403 302", method="post"),
    Row("catalog:covers_forget", "login 403 403 403 403 302", method="post"),
    Row("catalog:covers_again", "login 403 403 403 403 302", method="post"),
    Row("catalog:covers_reset", "login 403 403 403 403 302", method="post"),
    Row("catalog:outside", "login 403 403 403 403 200"),
    Row("catalog:outside_new", "login 403 403 403 403 200"),
    Row("catalog:outside_edit", "login 403 403 403 403 200", lambda w: {"pk": w.outside.pk}),
    Row("catalog:outside_remove", "login 403 403 403 403 302", lambda w: {"pk": w.outside.pk}),
    Row("catalog:review", "login 403 200 200 200 200"),
    Row("catalog:review_decide", "login 403 404 302 302 302", lambda w: {"pk": w.doubt.pk}, method="post"),
    Row("catalog:decisions", "login 403 200 200 200 200"),
    Row("catalog:decision_undo", "login 403 404 302 302 302", lambda w: {"pk": w.act.pk}, method="post"),
    Row("catalog:edition_split", "login 403 404 200 200 200", lambda w: {"pk": w.doubted.pk}),
    Row("catalog:edition_join", "login 403 404 200 200 200", lambda w: {"pk": w.doubted.pk}),
    Row("catalog:key_new", "login 403 404 403 200 200", lambda w: {"pk": w.source.pk}),
    Row(
        "catalog:key_end",
        "login 403 404 403 302 302",
        lambda w: {"pk": w.source.pk, "key": a_key(w)},
        method="post",
    ),
    Row("catalog:source_items", "login 403 404 403 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:agent_script", "login 403 200 200 200 200"),
    Row("catalog:api_schema", ALL_SEE),
    Row("catalog:api_source", AGENTS_ONLY, lambda w: {"pk": w.source.pk}),
    Row("catalog:api_records", AGENTS_ONLY, lambda w: {"pk": w.source.pk}, method="post"),
    Row("catalog:api_items", AGENTS_ONLY, lambda w: {"pk": w.source.pk}, method="post"),
    Row("catalog:sources", "login 403 200 200 200 200"),
    Row("catalog:quality", "login 403 302 302 302 200"),
    Row("catalog:quality_library", "login 403 404 200 200 200", code),
    Row("catalog:quality_now", "login 403 404 302 302 302", code, method="post"),
    Row("catalog:quality_source", "login 403 404 200 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:quality_csv", "login 403 404 200 200 200", lambda w: {"pk": w.source.pk, "check": "isbn"}),
    Row("catalog:overlap", "login 403 302 302 302 200"),
    Row("catalog:overlap_now", "login 403 403 403 403 302", method="post"),
    Row("catalog:overlap_library", "login 403 404 200 200 200", code),
    Row("catalog:overlap_csv", "login 403 404 200 200 200", code),
    Row("catalog:source_new", "login 403 200 403 200 200"),
    Row("catalog:source_new_way", "login 403 200 403 200 200", lambda w: {"way": "slims-oai"}),
    # 302: no table waits in this world
    Row("catalog:source_columns", "login 403 404 403 302 302", lambda w: {"pk": w.source.pk}),
    Row(
        "catalog:source_columns_forget",
        "login 403 404 403 302 302",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:source_rules", "login 403 404 200 200 200", lambda w: {"pk": w.source.pk}),
    Row(
        "catalog:source_rule_new",
        "login 403 404 403 200 200",
        lambda w: {"pk": w.source.pk, "do": "set_format"},
    ),
    Row("catalog:source_rule", "login 403 404 403 404 404", lambda w: {"pk": w.source.pk, "place": 0}),
    Row(
        "catalog:source_rule_change",
        "login 403 404 403 302 302",
        lambda w: {"pk": w.source.pk, "place": 0},
        method="post",
    ),
    Row(
        "catalog:source_rules_apply",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:source", "login 403 404 200 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:source_edit", "login 403 404 403 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:copying", "login 403 200 200 200 200"),
    Row("catalog:copy_search", "login 403 404 200 200 200", lambda w: {"pk": w.target.pk}),
    # 302: the answer to this search is not kept any more
    Row("catalog:copy_hits", "login 403 404 302 302 302", lambda w: {"pk": w.target.pk, "token": "x"}),
    Row(
        "catalog:copy_record",
        "login 403 404 302 302 302",
        lambda w: {"pk": w.target.pk, "token": "x", "number": 1},
    ),
    Row(
        "catalog:copy_take",
        "login 403 404 302 302 403",
        lambda w: {"pk": w.target.pk, "token": "x", "number": 1},
        method="post",
    ),
    Row(
        "catalog:copy_download",
        "login 403 404 302 302 302",
        lambda w: {"pk": w.target.pk, "token": "x", "number": 1, "kind": "xml"},
    ),
    Row(
        "catalog:copy_remove",
        "login 403 404 400|409 400|409 403",
        lambda w: {"pk": w.copied.pk},
        method="post",
    ),
    # 400, 422: let in, and told what is wrong with an empty form or a run that is under way
    Row("catalog:source_upload", "login 403 404 403 422 422", lambda w: {"pk": w.source.pk}, method="post"),
    Row(
        "catalog:source_run",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:run_stop", "login 403 404 403 302 302", lambda w: {"pk": w.run.pk}, method="post"),
    Row(
        "catalog:run_deletes", "login 403 404 403 400|409 400|409", lambda w: {"pk": w.run.pk}, method="post"
    ),
    Row("catalog:run_pause", "login 403 404 403 302 302", lambda w: {"pk": w.run.pk}, method="post"),
    Row("catalog:run_resume", "login 403 404 403 302 302", lambda w: {"pk": w.run.pk}, method="post"),
    Row("catalog:run_hurry", "login 403 404 403 302 302", lambda w: {"pk": w.run.pk}, method="post"),
    Row("catalog:source_pause", "login 403 404 403 302 302", lambda w: {"pk": w.source.pk}, method="post"),
    Row("catalog:source_resume", "login 403 404 403 302 302", lambda w: {"pk": w.source.pk}, method="post"),
    Row(
        "catalog:source_probe",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row(
        "catalog:source_explain",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:source_server", "login 403 404 302 302 302", lambda w: {"pk": w.source.pk}),
    Row("catalog:stream_upload", "login 403 404 403 302 302", lambda w: {"pk": w.source.pk}, method="post"),
    Row("catalog:stream", "login 403 404 200 200 200", lambda w: {"pk": w.stream.pk}),
    Row("catalog:stream_switch", "login 403 404 403 302 302", lambda w: {"pk": w.stream.pk}, method="post"),
    Row(
        "catalog:stream_compare",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.stream.pk},
        method="post",
    ),
    Row("catalog:stream_drop", "login 403 404 403 302 302", lambda w: {"pk": w.stream.pk}, method="post"),
    Row("catalog:rekey", "login 403 404 403 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:rekey_compare", "login 403 404 403 302 302", lambda w: {"pk": w.source.pk}, method="post"),
    Row(
        "catalog:rekey_start",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:source_hours", "login 403 404 403 200 200", lambda w: {"pk": w.source.pk}),
    Row("catalog:run_retry", "login 403 404 403 400|409 400|409", lambda w: {"pk": w.run.pk}, method="post"),
    Row(
        "catalog:source_retry",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row(
        "catalog:source_renormalise",
        "login 403 404 403 400|409 400|409",
        lambda w: {"pk": w.source.pk},
        method="post",
    ),
    Row("catalog:run_rejected", "login 403 404 200 200 200", lambda w: {"pk": w.run.pk}),
    Row("catalog:run", "login 403 404 200 200 200", lambda w: {"pk": w.run.pk}),
    # --- loans
    Row("loans:request_new", "login 200 200 200 200 403", query=lambda w: {"edition": w.edition.pk}),
    Row("loans:request_for_reader", "login 403 200 200 200 403"),
    Row("loans:request_check", "login 302 302 302 302 302"),  # without a draft, back to the start
    Row("loans:request_blank_kinds", "login 200 200 200 200 403"),
    Row("loans:request_blank", "login 200 200 200 200 403", lambda w: {"genre": "article"}),
    Row("loans:request_found", "login 302 302 302 302 302"),  # without a draft, back to the start
    Row("loans:request_openurl", "302 302 302 302 302 302", query=lambda w: {"title": "Bumi Manusia"}),
    Row("loans:request_done", "login 200 404 404 404 404", number),
    Row("loans:my_requests", WITH_ACCOUNT),
    Row("loans:my_request", "login 200 404 404 404 404", number),
    Row("loans:my_request_message", "login 200 404 404 404 404", number),
    Row("loans:my_request_step", "login 302 404 404 404 404", lambda w: {**number(w), "action": "renew_ask"}),
    Row("loans:reader_messages", "login 403 404 200 200 403", number),
    Row("loans:reader_charges", "login 403 404 200 200 403", number),
    Row("loans:mediation_rules", "login 403 200 403 200 200"),
    Row("loans:mediation_new", "login 403 200 403 200 200"),
    Row("loans:mediation_rule", "login 403 404 403 200 404", lambda w: {"pk": a_rule(w)}),
    Row("loans:my_request_cancel", "login 200 404 404 404 404", number),
    Row("loans:queue_requesting", "login 403 200 200 200 403"),
    Row("loans:queue_supplying", "login 403 200 200 200 403"),
    Row("loans:queue_network", "login 403 403 403 403 200"),
    Row("loans:queue_desk", "login 403 404 200 200 200", with_a_desk),
    Row("loans:desk_rules", "login 403 404 403 200 404", with_a_desk),
    Row("loans:desk_rule_new", "login 403 404 403 200 404", lambda w: {"code": a_desk(w).code}),
    Row("loans:desk_rule", "login 403 404 403 200 404", lambda w: {"pk": a_desk_rule(w)}),
    Row("loans:desk_rule_move", "login 403 404 403 302 404", lambda w: {"pk": a_desk_rule(w)}, method="post"),
    Row("loans:stuck", "login 403 200 200 200 200"),
    Row("loans:inbox", "login 403 200 200 200 200"),
    Row("loans:network_times", "login 403 403 403 403 200", a_network),
    Row("loans:network_models", "login 403 200 200 200 200"),
    Row("loans:network_model", "login 403 404 200 200 200", modelling.a_model),
    Row("loans:network_try", "login 403 404 200 200 200", modelling.a_model),
    Row("loans:network_versions", "login 403 404 200 200 200", modelling.a_model),
    Row("loans:network_version", "login 403 404 200 200 200", modelling.a_version),
    Row("loans:network_version_back", "login 403 403 403 403 302", modelling.a_version, method="post"),
    Row("loans:network_draft_new", "login 403 403 403 403 302", modelling.a_model, method="post"),
    Row("loans:network_draft", "login 403 403 403 403 200", modelling.a_draft),
    Row("loans:network_draft_rules", "login 403 403 403 403 200", modelling.a_draft),
    Row("loans:network_draft_places", "login 403 403 403 403 200", modelling.a_draft),
    Row("loans:network_draft_preview", "login 403 403 403 403 302", modelling.a_draft),
    Row("loans:network_draft_renew", "login 403 403 403 403 302", modelling.a_draft, method="post"),
    Row("loans:network_draft_live", "login 403 403 403 403 302", modelling.a_draft, method="post"),
    Row("loans:network_draft_drop", "login 403 403 403 403 302", modelling.a_draft, method="post"),
    Row("loans:routing_explain", "login 403 403 403 403 200"),
    Row("loans:request_libraries", "login 403 404 200 200 200", number),
    Row("loans:request", "login 403 404 200 200 200", number),
    Row("loans:request_action", "login 403 404 200 200 200", lambda w: {**number(w), "action": "approve"}),
    Row("loans:request_reopen", "login 403 404 302 302 403", number),
    Row("loans:request_undo", "login 403 404 409 409 409", number, method="post"),
    Row("loans:request_messages", "login 403 404 400 400 400", number, method="post"),
    Row("loans:queue_scan", "login 403 200 200 200 200"),
    Row("loans:queue_bulk", "login 403 302 302 302 302", method="post"),  # nothing ticked: back, and told so
    Row("loans:queue_new", "login 403 200 200 200 403", lambda w: {"queue": "supplying"}),
    Row("loans:queue_views", "login 403 200 200 200 403", lambda w: {"queue": "requesting"}),
    Row("loans:queue_view_remove", "login 403 404 302 404 404", lambda w: {"pk": a_view(w)}, method="post"),
    Row("loans:message_templates", "login 403 200 200 200 403"),
    Row("loans:message_template", "login 403 404 200 200 403", lambda w: {"pk": a_template(w)}),
    Row("loans:slips", "login 403 200 200 200 200", lambda w: {"kind": "pull"}),
    Row("loans:slips_pdf", "login 403 404 404 404 404", lambda w: {"kind": "pull"}),  # nothing to fetch here
    Row("loans:slips_printed", "login 403 302 302 302 302", lambda w: {"kind": "pull"}, method="post"),
    Row("loans:prints", "login 403 200 200 200 200"),
    Row("loans:bags", "login 403 200 200 200 403"),
    Row("loans:bag", "login 403 404 200 200 403", lambda w: {"pk": a_bag(w)}),
    Row(
        "loans:bag_do",
        "login 403 404 302 302 403",
        lambda w: {"pk": a_bag(w), "what": "close"},
        method="post",
    ),
    Row("loans:copy_copyright", "login 403 200 200 200 200", copies.a_number),
    Row("loans:copy_rules", "login 403 403 403 403 200"),
    Row("loans:copy_rules_upload", "login 403 403 403 403 200"),
    Row("loans:copy_ruleset", "login 403 403 403 403 200", copies.a_version),
    Row("loans:copy_ruleset_file", "login 403 403 403 403 200", copies.a_version),
    Row("loans:copy_rules_new", "login 403 403 403 403 200", copies.a_version),
    Row("loans:copy_licences", "login 403 403 403 403 200"),
    Row("loans:copy_licence_new", "login 403 403 403 403 200"),
    Row("loans:copy_licence", "login 403 403 403 403 200", copies.a_licence),
    Row("loans:copy_scan", "login 403 200 404 404 403", copies.a_number),
    Row("loans:copy_part", "login 403 400 404 404 403", copies.a_number, method="put"),
    Row("loans:copy_remove", "login 403 302 404 404 403", copies.a_scan, method="post"),
    Row("loans:copy_file", "login 403 200 404 404 403", copies.a_scan),
    Row("loans:copy_link", "login 200 404 404 404 404", copies.a_link),
    Row("loans:copy_files", "login 302 404 404 404 404", copies.a_link),  # nothing opened yet
    Row("loans:copy_download", "login 302 404 404 404 404", copies.a_link_with_file),
    Row("loans:help_copyright", ALL_SEE),
    Row("loans:help_workflow", ALL_SEE),
    Row("loans:figures_network", "login 403 200 200 200 200"),
    Row("loans:money", "login 403 200 403 200 200"),
    Row("loans:money_rates", "login 403 403 403 403 200"),
    Row("loans:money_waive", "login 403 404 403 404 404", lambda w: {"pk": 1}, method="post"),
    Row("loans:money_refund", "login 403 404 403 404 404", lambda w: {"pk": 1}, method="post"),
    Row("loans:money_statements", "login 403 200 403 200 200"),
    Row("loans:money_statement", "login 403 404 403 404 404", lambda w: {"pk": 1}),
    Row(
        "loans:money_statement_step",
        "login 403 404 403 404 404",
        lambda w: {"pk": 1, "action": "agree"},
        method="post",
    ),
    Row("loans:figures_library", "login 403 404 200 200 200", code),
    Row("loans:balance", "login 403 302 302 302 200"),
    Row("loans:balance_library", "login 403 404 200 200 200", code),
    Row("loans:year_report", "login 403 404 200 200 200", a_report),
    Row("loans:year_report_pdf", "login 403 404 200 200 200", a_report),
    Row("loans:year_reports_make", "login 403 403 403 403 302", lambda w: {"year": 2025}, method="post"),
    Row("loans:balance_prices_network", "login 403 403 403 403 200"),
    Row("loans:balance_prices", "login 403 404 403 200 200", code),
    Row("loans:api_figures", "401 403 200 200 200 200"),
)
