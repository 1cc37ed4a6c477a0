"""Values of what members share: kinds, topics, licences, who may see, how often mails come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """The subjects of librarians' work. A network that needs another one adds a line here."""

    CATALOGUING = "cataloguing", _("Cataloguing and classification")
    ACQUISITION = "acquisition", _("Acquisition")
    LENDING = "lending", _("Lending between libraries")
    SERVICES = "services", _("Services to readers")
    USER_EDUCATION = "user-education", _("Teaching readers")
    READING = "reading", _("Promotion of reading")
    SERIALS = "serials", _("Serials")
    DIGITAL = "digital", _("Digital collections")
    AUTOMATION = "automation", _("Library systems")
    PRESERVATION = "preservation", _("Preservation and repair")
    LOCAL = "local", _("Local collections and manuscripts")
    COPYRIGHT = "copyright", _("Copyright and licences")
    SCHOOL = "school", _("School libraries")
    RESEARCH = "research", _("Support of research")
    MANAGEMENT = "management", _("Management and planning")
    BUILDING = "building", _("Rooms and equipment")
    ACCESS = "access", _("Access for people with disabilities")
    COMMUNITY = "community", _("Community libraries")


class Tongue(models.TextChoices):
    """Languages that things are written in and people help in."""

    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")
    JAVANESE = "jv", _("Javanese")
    SUNDANESE = "su", _("Sundanese")
    MALAY = "ms", _("Malay")
    ARABIC = "ar", _("Arabic")
    DUTCH = "nl", _("Dutch")
    CHINESE = "zh", _("Chinese")
    OTHER = "other", _("Another language")


class ItemKind(models.TextChoices):
    GUIDE = "guide", _("Guide")
    PAPER = "paper", _("Paper")
    RECORDING = "recording", _("Recording")
    SLIDES = "slides", _("Slides")
    FORM = "form", _("Form or template")


class Licence(models.TextChoices):
    BY = "cc-by-4.0", "CC BY 4.0"
    BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    BY_NC = "cc-by-nc-4.0", "CC BY-NC 4.0"
    BY_ND = "cc-by-nd-4.0", "CC BY-ND 4.0"
    BY_NC_SA = "cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"
    BY_NC_ND = "cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0"
    ZERO = "cc0-1.0", "CC0 1.0"
    MEMBERS = "members", _("For members only")

    @property
    def url(self) -> str:
        """Where the licence stands; nothing for one that is only ours."""
        if self == Licence.MEMBERS:
            return ""
        if self == Licence.ZERO:
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        return f"https://creativecommons.org/licenses/{self.value[3:-4]}/4.0/"


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Everybody with an account")
    STAFF = "staff", _("Staff of member libraries")


class Pace(models.TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")


class Offer(models.TextChoices):
    MAIL = "mail", _("Help by mail")
    TEACHING = "teaching", _("Teaching")
    INTERNSHIP = "internship", _("A place for an internship")


class NewsState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")

    @property
    def tone(self) -> str:
        return "ok" if self == NewsState.PUBLISHED else "plain"
