"""What a page sends along when it asks for its part that renews itself."""

from __future__ import annotations

import html
import json
import re
from typing import Any


def sent_by(page: Any) -> dict[str, str]:
    """The headers that stand in a page, as a browser sends them."""
    (found,) = re.findall(r'hx-headers="([^"]*)"', page.content.decode())
    return {"HX-Request": "true", **json.loads(html.unescape(found))}
