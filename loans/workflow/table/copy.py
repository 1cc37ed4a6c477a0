"""A copy: scanned, looked at, released to the reader, collected, deleted. loans.delivery does the work of the steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from loans.choices import AttemptStatus, FlagKind, Outcome, QualityFault, RequestStatus
from loans.workflow.vocabulary import COPY, Clock, Form, Mail, Side, State, Step
from members.permissions import Capability

_S, _A = RequestStatus, AttemptStatus
_MANAGE, _SUPPLY = Capability.REQUEST_MANAGE.value, Capability.SUPPLY_MANAGE.value
_HEAR = _("We write to you when you can open it.")

STATES = (
    State(
        _S.SCANNING, Side.SUPPLYING, "info",
        patron_label=_("Being copied"), patron=_("%(supplier)s is making the copy."), patron_next=_HEAR,
        milestone=_("A library makes the copy."), closing_action="cancel_ask", attempt=_A.SCANNING,
        clock=Clock(24, 8, 2), on_timeout="expire", patience=2, services=COPY, iso="WillSupply",
    ),
    State(
        _S.FILE_RECEIVED, Side.REQUESTING, "attention",
        patron=_("The copy has arrived at %(library)s and is being looked at."), patron_next=_HEAR,
        needs_attention=True, primary_action="release_copy", attempt=_A.UPLOADED, clock=Clock(8, 4, 2),
        services=COPY, iso="CopyCompleted",
    ),
    State(
        _S.RESEND_ASKED, Side.SUPPLYING, "info",
        patron_label=_("Being copied again"), patron=_("%(supplier)s is making the copy once more."), patron_next=_HEAR,
        attempt=_A.SCANNING, clock=Clock(16, 8, 2), on_timeout="reject_copy", patience=2,
        services=COPY, iso="WillSupply",
    ),
    State(
        _S.RELEASED, Side.PATRON, "ok",
        patron=_("Your copy is ready. Open it by the link in your mail or on this page."),
        patron_next=_("You can open it until %(deadline)s."), milestone=_("You open the copy."),
        primary_action="extend_link", attempt=_A.UPLOADED,
        clock=Clock(14, 14, 14, "days", until="link"), on_timeout="link_expired", services=COPY, iso="CopyCompleted",
    ),
    State(
        _S.DOWNLOADED, Side.PORTAL, "ok", patron=_("You have opened your copy."),
        clock=Clock(14, 14, 14, "days", until="purge"), on_timeout="purge",
        open_for_patron=False, services=COPY, iso="CopyCompleted",
    ),
    State(
        _S.PURGED, Side.NONE, "ok", patron_label=_("Done"), patron=_("Done: the file has been deleted here."),
        outcome=Outcome.FILLED, open_for_patron=False, services=COPY, iso="CopyCompleted",
    ),
)  # fmt: skip

STEPS: tuple[Step, ...] = (
    Step(
        "upload_done", (_S.SCANNING, _S.RESEND_ASKED), _S.FILE_RECEIVED, Side.SUPPLYING, _("Send the scan"),
        _("Scan sent by %(supplier)s"), requires=_SUPPLY, services=COPY, guard="upload_done", effect="upload_done",
        unless=(FlagKind.CANCEL_ASKED,), patron_note=_("The copy was sent to your library."),
        mails=(Mail("copy_arrived", Side.REQUESTING),),
    ),
    Step(
        "ask_resend", (_S.FILE_RECEIVED,), _S.RESEND_ASKED, Side.REQUESTING, _("Ask for a better scan"),
        _("A better scan was asked for"), requires=_MANAGE, services=COPY, form=Form.REASON, reasons=QualityFault,
        guard="resend", mails=(Mail("copy_resend", Side.SUPPLYING),),
    ),
    Step(
        "release_copy", (_S.FILE_RECEIVED,), _S.RELEASED, Side.REQUESTING, _("Release to the reader"),
        _("Released to the reader"), requires=_MANAGE, by=(Side.PORTAL,), services=COPY, guard="copyright",
        effect="release", patron_note=_("Your copy is ready."), mails=(Mail("copy_ready", Side.PATRON),),
    ),
    Step(
        "reject_copy", (_S.FILE_RECEIVED, _S.RESEND_ASKED), _S.APPROVED, Side.REQUESTING, _("Not usable: next library"),
        _("Scan not usable"), requires=_MANAGE, by=(Side.PORTAL,), services=COPY, form=Form.CONFIRM, danger=True,
        ends_attempt=_A.REFUSED, confirm=_("The file is deleted and the next library is asked."), then_route=True,
        effect="reject", mails=(Mail("copy_rejected", Side.SUPPLYING),),
    ),
    Step(
        "download", (_S.RELEASED,), _S.DOWNLOADED, Side.PATRON, _("Open the copy"), _("Copy opened"), services=COPY,
        guard="download", effect="download", ends_attempt=_A.DELIVERED, patron_note=_("You opened the copy."),
        no_mail="The reader has the copy on the screen.",
    ),
    Step(
        "extend_link", (_S.RELEASED, _S.DOWNLOADED), None, Side.REQUESTING, _("New link"), _("New link for the reader"),
        requires=_MANAGE, services=COPY, guard="copyright", effect="release", mails=(Mail("copy_ready", Side.PATRON),),
    ),
    Step(
        "link_expired", (_S.RELEASED,), _S.PURGED, Side.PORTAL, _("Link has run out"), _("Not opened in time"),
        services=COPY, effect="not_downloaded", ends_attempt=_A.DELIVERED,
        patron_note=_("The copy was not opened in time."),
        mails=(Mail("copy_expired", Side.PATRON),),
    ),
    Step(
        "purge", (_S.DOWNLOADED,), _S.PURGED, Side.PORTAL, _("Delete the file"), _("File deleted"), services=COPY,
        effect="purge", no_mail="The reader has opened the copy long ago.",
    ),
)  # fmt: skip
