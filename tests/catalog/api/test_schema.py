"""The interface's description in OpenAPI."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from catalog.api.urls import urlpatterns

pytestmark = pytest.mark.django_db


def test_every_operation_is_described_and_the_description_is_valid_openapi(client: Client) -> None:
    response = client.get("/api/v1/schema/?format=json")
    assert response.status_code == 200
    told = json.loads(response.content)
    validate_schema(told)
    operations = {(path.rstrip("/"), verb) for path, verbs in told["paths"].items() for verb in verbs}
    assert operations == {
        ("/api/v1/sources/{id}", "get"),
        ("/api/v1/sources/{id}/records", "post"),
        ("/api/v1/sources/{id}/items", "post"),
    }
    assert len(operations) == len(urlpatterns) - 1  # all but the description itself
    for verbs in told["paths"].values():
        for operation in verbs.values():
            assert operation["security"] == [{"key": []}] and {"200", "401", "429"} <= set(
                operation["responses"]
            )


def test_the_description_tells_the_limits_that_hold_and_names_nothing_outside(client: Client) -> None:
    response = client.get("/api/v1/schema/?format=json")
    told = json.loads(response.content)
    bodies = {path.rstrip("/").rpartition("/")[2]: verbs.get("post") for path, verbs in told["paths"].items()}
    sent = bodies["items"]["requestBody"]["content"]["application/json"]["schema"]
    assert sent["properties"]["items"]["maxItems"] == 5000
    assert "application/marc" in bodies["records"]["requestBody"]["content"]
    assert b"http" not in response.content.replace(b'"type":"http"', b"").replace(b'"type": "http"', b"")
