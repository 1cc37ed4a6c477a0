"""The operations for agents, one class each. Thin: who calls, what was sent, the service, the answer."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from drf_spectacular.openapi import AutoSchema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.authentication import HasKey, KeyAuthentication
from catalog.api.bodies import read_body
from catalog.api.items import items_of
from catalog.api.problems import answer_of
from catalog.api.records import records_of
from catalog.api.schema import items_described, records_described, state_described
from catalog.api.state import state_of
from catalog.models import Source, SourceKey
from catalog.services.keys import key_actor
from catalog.services.push import records_push
from catalog.services.push_items import items_push


class AgentView(APIView):
    """Known by its key, answered in JSON. The body is read by us, within our limits."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasKey,)
    renderer_classes = (JSONRenderer,)
    parser_classes = ()
    schema = AutoSchema()  # not in the settings: the portal has no other interface

    def handle_exception(self, exc: Exception) -> Response:
        return answer_of(exc) or super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def key(self, request: Request) -> SourceKey:
        """HasKey has seen that there is one."""
        return cast(SourceKey, request.auth)

    def source(self, request: Request, pk: int | str) -> Source:
        """The one source that the key opens; any other does not exist for it."""
        key = self.key(request)
        if key.source_id != int(pk):
            raise Http404
        return key.source


@state_described
class SourceState(AgentView):
    def get(self, request: Request, pk: int) -> Response:
        return Response(state_of(self.source(request, pk)))


@records_described
class RecordsPush(AgentView):
    def post(self, request: Request, pk: str) -> Response:
        source = self.source(request, pk)
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        batch = records_of(read_body(request._request), kind, request.query_params.dict())
        return Response(records_push(source=source, batch=batch, actor=key_actor(self.key(request))))


@items_described
class ItemsPush(AgentView):
    def post(self, request: Request, pk: str) -> Response:
        source = self.source(request, pk)
        return Response(items_push(source=source, batch=items_of(read_body(request._request))))
