"""The fifty questions of the bench, from rare to "the": words of the generated corpus as readers would combine them."""

from __future__ import annotations

from itertools import count

QUESTIONS = (
    # a known item
    "perahu sunyi laut di Ternate", "\"batu biru\" Ginting", "judul:\"angin baru\" pengarang:Fauzi", "akar bisu arus",
    "pengarang:\"Adinata, Agus\" pendidikan", "badai emas batang tahun:1990", "awan dingin bahtera Bogor",
    "bayang cemerlang alam Bugis", "Anggraini Aisyah ekonomi", "Damanik Amalia politik",
    # two words of titles
    "laut biru", "alam baru", "api abadi", "awan asing", "angin akhir", "batu berani", "badai damai", "arus dalam",
    "bahasa agung", "ayah bisu",
    # people
    "Abdul Adiputra", "Ahmad Firmansyah", "Agus Ginting", "Djatmiko", "Batubara", "pengarang:Cahyadi", "Aisyah Rini",
    "Arifin",
    # one word, of one title in fifty
    "akar", "badai", "bahtera", "balai", "batang", "bayang", "laut", "angin",
    # places, subjects, publishers
    "Aceh", "Bandung", "Banyumas", "psikologi", "hukum adat", "kesehatan masyarakat", "sejarah indonesia",
    "penerbit:Bina", "fiksi indonesia",
    # much
    "bat*", "laut OR angin OR api", "indonesia", "di", "the",
)  # fmt: skip
# What somebody types, letter by letter from the second on.
TYPED = (
    "laut biru",
    "angin baru",
    "adinata",
    "djatmiko",
    "bandung",
    "sejarah",
    "hukum adat",
    "pramoedya",
    "the",
)


def typings() -> list[str]:
    return [text[:end] for text in TYPED for end in range(2, len(text) + 1)]


_asked = count(1)


def fresh(text: str) -> str:
    """The same question as nobody has asked it before: what is remembered of questions is of no help."""
    return f"{text} -zzq{next(_asked)}"
