"""What a visitor's session remembers between two pages: questions on their way, and a person still to be proved.

Each is taken out when it is used, so that nothing answers twice, and is worth nothing after a quarter of an hour.
"""

from __future__ import annotations

import time

from django.contrib.sessions.backends.base import SessionBase

from members.models import SignInProvider
from members.signin.claims import Identity
from members.signin.flow import Question

QUESTIONS = "sign_in_questions"
PROOF = "sign_in_proof"
SECONDS = 900
AT_MOST = 5  # tabs in which somebody may begin at the same time


def question_keep(session: SessionBase, state: str, question: Question) -> None:
    kept = [*session.get(QUESTIONS, {}).items(), (state, question.as_dict())]
    session[QUESTIONS] = dict(kept[-AT_MOST:])


def question_take(session: SessionBase, state: str, provider: SignInProvider) -> Question | None:
    """The question that this session asked this server with this state; None if there is none, or not any more."""
    kept = session.get(QUESTIONS, {})
    found = kept.pop(state, None)
    if found is None:
        return None
    session[QUESTIONS] = kept
    session.save()  # at once: Django saves no session where the answer is a 503
    question = Question(**found)
    fresh = 0 <= time.time() - question.at <= SECONDS
    return question if fresh and question.provider == provider.pk else None


def proof_keep(session: SessionBase, provider: SignInProvider, identity: Identity, user_pk: int) -> None:
    """Numbers alone: nothing in a session that nobody logs in to tells who it was."""
    session[PROOF] = {
        "provider": provider.pk, "user": user_pk, "at": time.time(), "issuer": identity.issuer,
        "subject": identity.subject,
    }  # fmt: skip


def proof_waits(session: SessionBase, provider: SignInProvider) -> bool:
    return session.get(PROOF, {}).get("provider") == provider.pk


def proof_take(session: SessionBase, user_pk: int) -> tuple[int, str, str] | None:
    """Server, issuer and subject that this account was to be bound to. Gone afterwards, whoever asks."""
    found = session.pop(PROOF, None)
    if found is None or found["user"] != user_pk or not 0 <= time.time() - found["at"] <= SECONDS:
        return None
    return found["provider"], found["issuer"], found["subject"]
