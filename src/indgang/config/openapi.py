"""The OpenAPI description, exact about errors: they are problem documents, and any call may meet a fault of ours."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from indgang.config.problems import CONTENT_TYPE

ANYWHERE = {"500": "A fault of ours; nothing was changed", "503": "The database is away; nothing was changed"}
PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DescribedAPI(NinjaAPI):
    """An API whose description says of every error that it is application/problem+json."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description."""
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for operation in methods.values():
                _describe_errors(operation["responses"])
        return schema


def _describe_errors(responses: dict[Any, Any]) -> None:
    for status, words in ANYWHERE.items():
        responses[status] = {"description": words, "content": {CONTENT_TYPE: {"schema": PROBLEM}}}
    for status, answer in responses.items():
        if int(status) >= 400 and "application/json" in answer.get("content", {}):
            answer["content"] = {CONTENT_TYPE: answer["content"]["application/json"]}
