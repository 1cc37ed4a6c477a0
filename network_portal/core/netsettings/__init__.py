"""What a network decides about itself and changes in the browser, without a restart.

A decision is declared once, as a constant in the room that obeys it (`loans/netsettings.py` and its like), with the
value that counts until somebody decides otherwise. `DECISION.now()` is read wherever it is obeyed: by web processes
and workers alike, each of which learns of a change within FRESH seconds.
"""

from network_portal.core.netsettings.kinds import Days, Decision, Switch, Whole, Words
from network_portal.core.netsettings.known import Area, all_decisions, decision_of
from network_portal.core.netsettings.reading import FRESH, forget, hold

__all__ = [
    "FRESH", "Area", "Days", "Decision", "Switch", "Whole", "Words", "all_decisions", "decision_of", "forget", "hold",
]  # fmt: skip
