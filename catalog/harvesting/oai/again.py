"""Records that came torn are asked for once more, each by itself, before the run ends. Called by reader.py.

A fault of the moment would else leave them out until they change: the next harvest does not ask for them again.
"""

from __future__ import annotations

from django.utils import timezone

from catalog.harvesting.intake import Intake, Sent
from catalog.harvesting.oai.client import OaiClient
from catalog.harvesting.oai.types import PROTOCOL_CODES, OaiError
from catalog.models import RejectedRecord

MOST = 20  # with more of them it is no fault of the moment
TORN = ("broken_xml", "no_metadata")


def fetch_torn(intake: Intake, client: OaiClient, prefix: str) -> None:
    """Raises nothing for what the server answers: what stays torn stays in the list of rejected records."""
    torn = intake.run.rejects.filter(reason_code__in=TORN, resolved_at=None).exclude(identifier="")
    rejects = list(torn.only("pk", "identifier")[: MOST + 1])
    if len(rejects) > MOST:
        return
    found: dict[int, Sent] = {}
    for reject in rejects:
        try:
            record = client.get_record(reject.identifier, prefix)
        except OaiError as error:
            if error.code in PROTOCOL_CODES:
                continue
            break  # it answers no single questions, or not now
        if record and record.identifier[:200] == reject.identifier and record.payload:
            found[reject.pk] = Sent(record.identifier, record.payload)
    if found:
        intake.write(list(found.values()))
        RejectedRecord.objects.filter(pk__in=found).update(resolved_at=timezone.now())
