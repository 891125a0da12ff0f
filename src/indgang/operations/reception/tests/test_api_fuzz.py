"""Whatever is sent to the API, it never fails: requests made up from its own OpenAPI description."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from indgang.config.wsgi import application
from indgang.foundation.identity.actions import create_token
from indgang.operations.reception.tests.factories import member, small_house


@pytest.fixture
def description(db: None) -> Any:
    """The API's own description, over a small house."""
    small_house()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


schema = schemathesis.pytest.from_fixture("description")


@pytest.fixture
def token(db: None) -> str:
    """A clerk's token."""
    return create_token(user=member("clerk", "siri"))[1]


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_no_request_makes_the_api_fail(case: schemathesis.Case, token: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=[not_a_server_error])
