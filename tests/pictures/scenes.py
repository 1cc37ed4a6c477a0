"""The pictures of the handbook and of the README: who looks at what."""

from __future__ import annotations

from dataclasses import dataclass

READER = "pembaca@perpus-bandung.example"
LIBRARIAN = "pustakawan@perpus-bandung.example"
MANAGER = "manajer@perpus-bandung.example"
COORDINATOR = "koordinator@deposit-jakarta.example"


@dataclass(frozen=True)
class Scene:
    name: str  # of the file
    path: str
    who: str = ""  # e-mail of a demo account; "" for somebody without one
    follow: str = ""  # a link on that page (CSS) that leads to what is shown
    height: int = 900
    narrow: bool = False  # on a phone


SCENES = (
    Scene("search", "/search?q=laskar+pelangi"),
    Scene("search-phone", "/search?q=pramoedya", narrow=True),
    Scene("record", "/search?q=bumi+manusia", follow="li.hit h2 a", height=1100),
    Scene("advanced", "/search/advanced"),
    Scene("ask", "/request/blank/", READER),
    Scene("my-requests", "/my/requests/", READER),
    Scene("my-request", "/my/requests/", READER, follow="main a[href^='/my/requests/']"),
    Scene("today", "/today/", LIBRARIAN),
    Scene("borrow", "/queue/requesting/", LIBRARIAN),
    Scene("lend", "/queue/supplying/", LIBRARIAN),
    Scene("request", "/queue/supplying/", LIBRARIAN, follow="main a[href^='/requests/']", height=1100),
    Scene("library", "/members/PARAHITA/", MANAGER, height=1100),
    Scene("policies", "/members/PARAHITA/policies/", MANAGER, height=1100),
    Scene("hours", "/members/PARAHITA/calendar/", MANAGER),
    Scene("people", "/people/", MANAGER),
    Scene("staff", "/members/PARAHITA/staff/", MANAGER),
    Scene("sign-in", "/members/PARAHITA/sign-in/", MANAGER),
    Scene("source", "/sources/", MANAGER),
    Scene("overview", "/overview/", COORDINATOR),
    Scene("desk", "/desk/", COORDINATOR),
    Scene("networks", "/networks/", COORDINATOR),
    Scene("join", "/join/", height=1000),
    Scene("applications", "/applications/", COORDINATOR),
    Scene("agreements", "/agreements/", MANAGER),
    Scene("model", "/network/PELITA/model/", COORDINATOR, height=1100),
    Scene("learning", "/learning/", LIBRARIAN),
    Scene("knowledge", "/knowledge/", LIBRARIAN),
    Scene("questions", "/questions/", LIBRARIAN),
    Scene("shared-lists", "/shared-lists/"),
    Scene("acquisition", "/acquisition/", LIBRARIAN),
    Scene("balance", "/balance/PARAHITA/", MANAGER, height=1000),
    Scene("network", "/network/PELITA/", COORDINATOR, height=1000),
    Scene("figures", "/figures/", COORDINATOR, height=1100),
    Scene("settings", "/settings/", COORDINATOR, height=1100),
    Scene("searches", "/statistics/searches/", COORDINATOR, height=1100),
)
