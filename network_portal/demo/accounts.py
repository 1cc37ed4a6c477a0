"""People of the demo network, all with one well-known password. build_demo makes and prints them, nothing else may."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from members.working import working_of
from network_portal.core.actor import Actor

PASSWORD = "demo-jejaring"  # noqa: S105  it is printed on purpose; `require_demo` keeps it out of real networks


@dataclass(frozen=True)
class Account:
    """One person at one library; `shown` stands in the table that `make demo` prints."""

    email: str
    name: str
    role: Role
    library: str
    language: str = "id"
    confirmed: bool = True
    shown: bool = False


PATRON = "pembaca@perpus-bandung.example"
PATRON_EAST = "pembaca@perpus-jayapura.example"
PATRON_ENGLISH = "reader@pustaka-makassar.example"
PATRON_NEIGHBOUR = "peneliti@hayati-bogor.example"
# Readers of the guided network, see guided.py.
PATRON_GUIDED = "santri@pesantren-jombang.example"
PATRON_GUIDED_EAST = "guru@sma-ambon.example"
COORDINATOR = "koordinator@deposit-jakarta.example"

ACCOUNTS: tuple[Account, ...] = (
    Account(PATRON, "Sari Wulandari", Role.PATRON, "PARAHITA", shown=True),
    Account("pustakawan@perpus-bandung.example", "Budi Santoso", Role.LIBRARIAN, "PARAHITA", shown=True),
    Account("pustakawan@pustaka-yogya.example", "Ratna Pratiwi", Role.LIBRARIAN, "CANDISEWU", shown=True),
    Account("manajer@perpus-bandung.example", "Dewi Lestariningsih", Role.MANAGER, "PARAHITA", shown=True),
    Account(COORDINATOR, "Made Suarjana", Role.COORDINATOR, "DEPOSIT", shown=True),
    Account(PATRON_EAST, "Yohana Wenda", Role.PATRON, "SENTANI", shown=True),
    Account(PATRON_ENGLISH, "Andi Rahman", Role.PATRON, "PINISI", language="en", shown=True),
    # Bandung is the nearest lender to Bogor, so that the librarian there has something to lend.
    Account(PATRON_NEIGHBOUR, "Lina Marlina", Role.PATRON, "WANATARA"),
    Account("pendaftar@perpus-bandung.example", "Agus Hidayat", Role.PATRON, "PARAHITA", confirmed=False),
    Account("pustakawan@deposit-jakarta.example", "Hendra Wijayanto", Role.LIBRARIAN, "DEPOSIT"),
    Account("pustakawan@perpus-semarang.example", "Endang Rahayu", Role.LIBRARIAN, "LAWANGPITU"),
    Account("pustakawan@poltek-surabaya.example", "Joko Susilo", Role.LIBRARIAN, "JMERAH"),
    Account("pustakawan@pesantren-jombang.example", "Siti Maryamah", Role.LIBRARIAN, "CENDEKIA"),
    Account("pustakawan@hayati-bogor.example", "Asep Sunandar", Role.LIBRARIAN, "WANATARA"),
    Account("pustakawan@pustaka-medan.example", "Ruth Simanjuntak", Role.LIBRARIAN, "SDELI"),
    Account("pustakawan@pustaka-makassar.example", "Nur Aisyah", Role.LIBRARIAN, "PINISI"),
    Account("pustakawan@perpus-denpasar.example", "Wayan Sukerti", Role.LIBRARIAN, "SARASWATI"),
    Account("pustakawan@sma-ambon.example", "Yulius Latuheru", Role.LIBRARIAN, "APONO"),
    Account("pustakawan@perpus-jayapura.example", "Marthen Kogoya", Role.LIBRARIAN, "SENTANI"),
    Account(PATRON_GUIDED, "Fatimah Azzahra", Role.PATRON, "CENDEKIA"),
    Account(PATRON_GUIDED_EAST, "Paulus Tahitu", Role.PATRON, "APONO"),
    Account("manajer@pustaka-yogya.example", "Bambang Prakoso", Role.MANAGER, "CANDISEWU"),
)


def require_demo() -> None:
    """Raises ImproperlyConfigured unless this is a demo: accounts with a known password must not exist elsewhere."""
    if not settings.DEMO:
        raise ImproperlyConfigured("The demo network is only built where DEMO=1 is set.")


def accounts_table(*, every: bool = False) -> list[dict[str, str]]:
    """What a person needs to log in: role, name, e-mail, password, library. `every` includes the other libraries'."""
    rows = []
    for account in ACCOUNTS:
        if account.shown or every:
            wanted = {
                key: str(value)
                for key, value in asdict(account).items()
                if key in ("email", "name", "library")
            }
            rows.append({"role": str(account.role.value), **wanted, "password": PASSWORD})
    return rows


@transaction.atomic
def ensure_accounts(libraries: dict[str, Library]) -> int:
    """Make the accounts that are missing, with verified addresses; returns how many there were none of."""
    require_demo()
    made, hashed = 0, make_password(PASSWORD)  # hashed once: twenty times would take seconds
    for account in ACCOUNTS:
        if User.objects.filter(email__iexact=account.email).exists():
            continue
        made += 1
        user = User(email=account.email, password=hashed, name=account.name, language=account.language)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        confirmed = account.confirmed
        Membership.objects.create(
            user=user,
            library=libraries[account.library],
            role=account.role,
            status=MembershipStatus.CONFIRMED if confirmed else MembershipStatus.PENDING,
            card_number=f"{account.library[:4]}-{made:05d}" if account.role == Role.PATRON else "",
            decided_at=timezone.now() if confirmed else None,
        )
    return made


def actor_of(email: str) -> Actor:
    """The person as an actor, as if they had logged in."""
    return working_of(User.objects.get(email=email), channel="command").actor


def librarian_of(library: Library) -> Actor:
    """A librarian of the library; every demo library has one."""
    email = next(a.email for a in ACCOUNTS if a.library == library.short_code and a.role == Role.LIBRARIAN)
    return actor_of(email)
