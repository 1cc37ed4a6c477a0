"""Writing what members share, ask, know and tell: one atomic function a rule. Registers the room's audit sentences."""

from members.knowledge import audit_codes as audit_codes
