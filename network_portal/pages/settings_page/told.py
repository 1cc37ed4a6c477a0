"""The settings page: all lines by area, narrowed by words."""

from __future__ import annotations

from collections import defaultdict

from network_portal.core.netsettings import Area
from network_portal.pages.settings_page.decided import decided_lines
from network_portal.pages.settings_page.elsewhere import elsewhere_lines
from network_portal.pages.settings_page.line import Line
from network_portal.pages.settings_page.server import server_lines


def settings_told(words: str = "") -> list[tuple[Area, list[Line]]]:
    """The areas that have something to say, in the order of Area; with words, the lines in which all of them stand."""
    wanted = words.lower().split()
    found: defaultdict[Area, list[Line]] = defaultdict(list)
    for line in (*elsewhere_lines(), *decided_lines(), *server_lines()):
        if line.speaks_of(wanted):
            found[line.area].append(line)
    return [(area, found[area]) for area in Area if area in found]
