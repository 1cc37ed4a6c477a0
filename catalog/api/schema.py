"""The interface in OpenAPI 3, for those who write an agent. Served at /api/v1/schema/; no page, so nothing to load."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from catalog.api.bodies import MAX_BYTES
from catalog.api.items import LENGTHS, MAX_ITEMS
from catalog.api.places import MAX_SEQ
from catalog.api.records import FORMATS, MAX_IDENTIFIER, MAX_RECORDS

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
PLACE: Shape = {
    "session": {"type": "string", "maxLength": 100},
    "seq": {"type": "integer", "minimum": 0, "maximum": MAX_SEQ},
    "complete": {"type": "boolean"},
    "last": {"type": "boolean"},
}


def _object(properties: Shape, *required: str) -> Shape:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def _list(of: Shape, most: int) -> Shape:
    return {"type": "array", "items": of, "maxItems": most}


RECORD = _object(
    {
        "identifier": {"type": "string", "minLength": 1, "maxLength": MAX_IDENTIFIER},
        "format": {"type": "string", "enum": list(FORMATS), "default": "marcxml"},
        "data": {"oneOf": [{"type": "string"}, {"type": "object"}]},
        "deleted": {"type": "boolean"},
    },
    "identifier",
)
ITEM = _object(
    {
        **{name: {"type": "string", "maxLength": length} for name, length in LENGTHS.items()},
        "status": TEXT,
        "due_at": TEXT,
        "as_of": TEXT,
    },
    "item_id",
)
RECORDS = _object(
    {
        **PLACE,
        "total": {"type": "integer"},
        "records": _list(RECORD, MAX_RECORDS),
        "deleted": _list(TEXT, MAX_RECORDS),
    }
)
ITEMS = _object({**PLACE, "as_of": TEXT, "items": _list(ITEM, MAX_ITEMS), "deleted": _list(TEXT, MAX_ITEMS)})
ANSWER = _object(
    {
        **PLACE,
        "complete": _object({"accepted": {"type": "boolean"}, "taken_out": {"type": "integer"}}),
        "ended": {"type": "boolean"},
        "repeated": {"type": "boolean"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "results": {
            "type": "array",
            "items": _object({"result": TEXT, "code": TEXT, "reason": TEXT}, "result"),
        },
    },
    "results",
)
STATE = _object(
    {"id": {"type": "integer"}, "name": TEXT, "open": {"type": "boolean"}, "limits": {"type": "object"}}
)
PROBLEM = _object(
    {"type": TEXT, "status": {"type": "integer"}, "code": TEXT, "detail": TEXT}, "status", "code"
)
MARC = {"application/marcxml+xml": TEXT, "application/marc": {"type": "string", "format": "binary"}}
PLACE_IN_ADDRESS = [
    OpenApiParameter(name, {"integer": int, "boolean": bool}.get(shape["type"], str), OpenApiParameter.QUERY)
    for name, shape in PLACE.items()
]


def _answers(good: Shape, *refusals: int) -> dict[tuple[int, str], Shape]:
    problems = {(code, "application/problem+json"): PROBLEM for code in (401, 404, 429, *refusals)}
    return {(200, "application/json"): good, **problems}


SENT = (400, 403, 409, 411, 413)
state_described = extend_schema(summary="How things stand, and the limits", responses=_answers(STATE))
records_described = extend_schema(
    summary="Send records",
    description=f"At most {MAX_BYTES} bytes, packed with gzip or not. In bodies of MARC the place is in the address.",
    parameters=PLACE_IN_ADDRESS,
    request={"application/json": RECORDS, "application/x-ndjson": TEXT, **MARC},
    responses=_answers(ANSWER, *SENT, 415),
)
items_described = extend_schema(
    summary="Send copies", request={"application/json": ITEMS}, responses=_answers(ANSWER, *SENT, 415)
)


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "catalog.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, _auto_schema: AutoSchema) -> Shape:
        return {"type": "http", "scheme": "bearer"}


class Schema(SpectacularAPIView):
    """For everyone: it tells what docs/api.md tells."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    urlconf = "catalog.urls"
    schema = None
    custom_settings = {"TITLE": "Jejaring", "VERSION": "1", "SCHEMA_PATH_PREFIX": "/api/v1/"}
