"""Who acts: a person (or a timer), for which library, through which channel. Nothing happens anonymously."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

READER = "patron"  # the role of who only borrows


@dataclass(frozen=True)
class Actor:
    """Built by members.middleware for a web request, by `Actor.system` for timers and commands."""

    user_id: int | None
    user_name: str
    library_id: int | None = None
    library_name: str = ""
    channel: str = "web"  # web, api, protocol, timer, command
    role: str = ""
    capabilities: frozenset[str] = field(default_factory=frozenset)

    def can(self, capability: str) -> bool:
        return str(capability) in self.capabilities

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    @classmethod
    def system(cls, channel: str = "timer", name: str = "Jejaring") -> Actor:
        """The portal itself. It needs no capability: rules that people must pass are not asked of it."""
        return cls(user_id=None, user_name=name, channel=channel, role="system")

    @classmethod
    def anonymous(cls) -> Actor:
        return cls(user_id=None, user_name="", role="anonymous")

    def as_reader(self) -> Actor:
        """The same person as one who only borrows, whatever else they are here."""
        return replace(self, role=READER)

    @property
    def is_system(self) -> bool:
        return self.role == "system"
