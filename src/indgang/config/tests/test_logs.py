import logging

from indgang.config.logs import Scrubbed


def test_keys_of_links_never_reach_a_log_not_even_in_a_traceback() -> None:
    try:
        raise ValueError("GET /journeys/1?key=topsecret&x=1")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Failed: %s %s", ("/a?x=1&code=123456", "/reset/key/1-abc/"), None)
        record.exc_info = (type(error), error, error.__traceback__)
    text = Scrubbed("%(message)s").format(record)
    assert "Failed: /a?x=1&code=... /reset/key/.../" in text
    assert "topsecret" not in text
    assert "123456" not in text


def test_api_tokens_never_reach_a_log_and_ordinary_names_do() -> None:
    token = "indgang_07WHdqGYGwz0zfpE7L2dAo9AgDjraV6GL5HOHBZPiNA"
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Bearer %s on indgang_test", (token,), None)
    assert Scrubbed("%(message)s").format(record) == "Bearer indgang_... on indgang_test"
