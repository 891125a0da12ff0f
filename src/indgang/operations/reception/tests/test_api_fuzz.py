"""Whatever is sent to the API, it never fails and answers what it declares: requests made up from its own OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from indgang.config.wsgi import application
from indgang.foundation.identity.actions import create_token
from indgang.operations.reception.tests.factories import member, small_house

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's connection open between requests, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def description(db: None, one_connection: None) -> Any:
    """The API's own description, over a small house."""
    small_house()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(db: None) -> str:
    """A clerk's token."""
    return create_token(user=member("clerk", "siri"))[1]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_no_request_makes_the_api_fail_or_answer_what_it_does_not_declare(data: st.DataObject, description: Any, token: str) -> None:
    operation = data.draw(st.sampled_from([found.ok() for found in description.get_all_operations()]))
    case = data.draw(operation.as_strategy())
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code < 500
    case.validate_response(answer, checks=CHECKS)  # raises what it finds
