"""A decision in words: for the librarian's page, in the language in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loans.copyright.facts import Reason

Args = Mapping[str, Any]


def sentence_of(reason: Reason) -> str:
    """Why this rule answered so, in one sentence. A kind no longer known falls back on the rule's code."""
    if reason.unknown:
        return _("Not known: %(facts)s. Please find out, or judge by the source.") % {
            "facts": ", ".join(fact_label(name) for name in reason.args.get("missing", []))
        }
    told = SENTENCES.get(reason.kind)
    return told(reason.args) if told else reason.rule


def fact_label(name: str) -> str:
    labels = {
        "purpose": _("what the copy is for"),
        "title": _("the title"),
        "author": _("the author"),
        "container": _("the journal or book it stands in"),
        "year": _("the year"),
        "pages": _("the pages asked for"),
        "pages_of_work": _("how many pages the whole work has"),
        "chapters": _("how many chapters are asked for"),
        "kind": _("whether it is a journal or a newspaper"),
    }
    return labels.get(name, name)


def kind_label(kind: str) -> str:
    labels = {
        "score": _("printed music"),
        "database": _("a database"),
        "software": _("software"),
        "newspaper": _("a newspaper"),
        "journal": _("a journal"),
        "book": _("a book"),
    }
    return labels.get(kind, kind)


def purpose_label(purpose: str) -> str:
    labels = {
        "education": _("education"),
        "research": _("research"),
        "private_study": _("private study"),
        "other": _("another purpose"),
    }
    return labels.get(purpose, purpose)


def _purpose(args: Args) -> str:
    return _("The purpose given is “%(purpose)s”.") % {"purpose": purpose_label(args["purpose"])}


def _single_copy(args: Args) -> str:
    return ngettext(
        "%(copies)s copies are asked for; %(most)s is allowed.",
        "%(copies)s copies are asked for; %(most)s are allowed.",
        int(args["most"]),
    ) % {"copies": args["copies"], "most": args["most"]}


def _whole_work(args: Args) -> str:
    return _("The whole work is asked for; only a part may be copied.")


def _excluded_kind(args: Args) -> str:
    return _("It is %(kind)s, which may not be copied.") % {"kind": kind_label(args["kind"])}


def _journal_only(args: Args) -> str:
    return _("It is from %(kind)s; only articles of journals may be copied.") % {
        "kind": kind_label(args["kind"])
    }


def _source_cited(args: Args) -> str:
    return _("The source cannot be cited in full: missing is %(facts)s.") % {
        "facts": ", ".join(fact_label(name) for name in args["missing"])
    }


def _share(args: Args) -> str:
    return _("%(percent)s %% of the work are asked for; at most %(most)s %% may be copied.") % {
        "percent": _number(args["percent"]),
        "most": _number(args["most"]),
    }


def _same_reader(args: Args) -> str:
    return ngettext(
        "The same reader was given this part within the last day already.",
        "The same reader was given this part within the last %(days)s days already.",
        int(args["days"]),
    ) % {"days": args["days"]}


def _related_readers(args: Args) -> str:
    return ngettext(
        "With this one, %(readers)s reader asked for this part within %(days)s days: is it for a class?",
        "With this one, %(readers)s readers asked for this part within %(days)s days: is it for a class?",
        int(args["readers"]),
    ) % {"readers": args["readers"], "days": args["days"]}


def _title_year(args: Args) -> str:
    return _(
        "This would be copy number %(count)s from recent issues of this title in this calendar year; %(most)s are free."
    ) % {"count": args["count"], "most": args["most"]}


def _title_term(args: Args) -> str:
    return _("This would be copy number %(count)s from this work; %(most)s are free.") % {
        "count": args["count"],
        "most": args["most"],
    }


def _same_issue(args: Args) -> str:
    return _(
        "This would be article number %(count)s of the same issue for this reader; allowed: %(most)s."
    ) % {
        "count": args["count"],
        "most": args["most"],
    }


def _licence(args: Args) -> str:
    return _("A licence is on offer from %(holder)s: use it instead of the exception.") % {
        "holder": args["holder"]
    }


def _number(value: Any) -> str:
    return f"{float(value):g}"


SENTENCES: dict[str, Callable[[Args], str]] = {
    "purpose": _purpose,
    "single_copy": _single_copy,
    "whole_work": _whole_work,
    "excluded_kind": _excluded_kind,
    "journal_only": _journal_only,
    "source_cited": _source_cited,
    "share": _share,
    "same_reader": _same_reader,
    "related_readers": _related_readers,
    "title_year": _title_year,
    "title_term": _title_term,
    "same_issue": _same_issue,
    "licence": _licence,
}
