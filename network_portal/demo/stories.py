"""What happened to the demo's requests: one in each state that a desk meets. requests.py tells them to the services."""

from __future__ import annotations

from dataclasses import dataclass

from loans.choices import Level
from network_portal.demo.accounts import PATRON, PATRON_EAST, PATRON_ENGLISH, PATRON_NEIGHBOUR

TO_SHELF = ("approve", "accept", "ship", "receive", "make_ready")
TO_READER = (*TO_SHELF, "lend")
WHOLE_WAY = (*TO_READER, "take_back", "send_back", "complete")
TO_FILE = ("approve", "accept", "upload_done")


@dataclass(frozen=True)
class Story:
    """A reader, titles they would like (the first that can be lent is asked for), and what happens to the request.

    Without titles it is any book that can be lent. A `chapter` makes it a copy of that chapter.
    """

    reader: str
    titles: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    note: str = ""
    talk: str = ""
    age: int = 1  # days since the last step
    chapter: str = ""
    pages: str = ""
    level: str = Level.NORMAL.value


STORIES: tuple[Story, ...] = (
    Story(PATRON, ("Lelaki Harimau", "Olenka", "Telegram"), note="Untuk skripsi tentang realisme magis.",
          age=0),
    Story(PATRON, ("Puya ke Puya", "Ziarah", "Tarian Bumi")),
    Story(PATRON, ("Burung-Burung Manyar", "Belenggu", "Kubah"), ("approve",)),
    Story(PATRON, ("Manusia Bugis", "The Bugis", "Harimau! Harimau!"), ("approve", "accept"),
          talk="Apakah bukunya bisa dikirim minggu ini? Pemustaka kami membutuhkannya untuk seminar."),
    Story(PATRON, ("Sampar", "Orang Asing", "Sang Alkemis"), TO_SHELF),
    # Overdue: the supplying library wants it back after 35 days, the reader's time ends a little earlier.
    Story(PATRON, ("Amba", "Saman", "Cantik Itu Luka"), TO_READER, age=29),
    Story(PATRON, ("Para Priyayi", "Entrok", "Larung"), WHOLE_WAY, age=12),
    Story(PATRON_EAST, ("Laskar Pelangi", "Bumi Manusia", "Laut Bercerita"), ("approve", "accept", "ship"),
          age=3),
    Story(PATRON_EAST, ("Sapiens", "Filosofi Teras", "Pulang"), ("approve", "decline")),
    Story(PATRON_EAST, ("Anak Semua Bangsa", "Rumah Kaca", "Jejak Langkah"), (*TO_READER, "take_back")),
    Story(PATRON_ENGLISH, ("Imagined Communities", "The Religion of Java", "Orientalism"), ("approve", "accept"),
          note="The revised edition, please, if you can."),
    Story(PATRON_ENGLISH, ("This Earth of Mankind", "Saman", "Footsteps"), ("refuse",)),
    Story(PATRON_NEIGHBOUR, ("Agricultural Involution", "Arus Balik", "Gadis Kretek"), ("approve",),
          talk="Boleh kami perpanjang menjadi lima minggu? Peneliti kami sedang di lapangan."),
    Story(PATRON_NEIGHBOUR, ("Design Patterns", "Deep Learning", "Dunia Sophie"), ("approve",)),
    Story(PATRON_NEIGHBOUR, ("Guns, Germs, and Steel", "Homo Deus", "Kalangwan"), ("approve", "accept")),
    Story(PATRON_NEIGHBOUR, ("Kebudayaan Jawa", "Etika Jawa", "Jalan Tak Ada Ujung"),
          (*TO_READER, "take_back", "send_back")),
    # What is open beside the state, on either side of Bandung's desk.
    Story(PATRON_NEIGHBOUR, (), (*TO_READER, "renew_ask"), age=5),
    Story(PATRON_NEIGHBOUR, (), ("approve", "accept", "cancel_ask")),
    Story(PATRON_NEIGHBOUR, (), (*TO_READER, "report_lost"), age=5),
    Story(PATRON_ENGLISH, (), (*TO_READER, "renew_ask", "renew_yes"), age=10),
    Story(PATRON_ENGLISH, (), (*TO_READER, "recall"), age=3),
    Story(PATRON_EAST, (), (*TO_READER, "report_lost", "claim_cost"), age=4),
    Story(PATRON_EAST, (), (*TO_READER, "take_back", "report_damaged"), age=1),
    Story(PATRON, (), (*TO_READER, "recall"), age=2),
    # Questions that wait for an answer.
    Story(PATRON_ENGLISH, (), ("approve", "set_conditions"), age=0),
    Story(PATRON_EAST, (), ("ask_patron",), age=0),
    Story(PATRON_NEIGHBOUR, (), ("approve", "ask_retry"), level=Level.RUSH.value, age=0),
    # Copies.
    Story(PATRON, (), (), chapter="Pendahuluan", pages="1-18", age=0),
    Story(PATRON_NEIGHBOUR, (), ("approve",), chapter="Bab 3", pages="57-74", age=0),
    Story(PATRON_NEIGHBOUR, (), ("approve", "accept"), chapter="Bab 2", pages="31-44", age=0),
    Story(PATRON, (), TO_FILE, chapter="Daftar pustaka", pages="201-209", age=0),
    Story(PATRON_ENGLISH, (), (*TO_FILE, "release_copy"), chapter="Introduction", pages="3-20"),
    Story(PATRON_EAST, (), (*TO_FILE, "ask_resend"), chapter="Lampiran peta", pages="310-317", age=0),
)  # fmt: skip
