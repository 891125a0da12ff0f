"""The eight fields of guidance, and the focus beside them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Field(models.TextChoices):
    """What guidance is about. Source: the result contract of the business hub 2023; CCUS is a focus of that year, not a ninth field."""

    QUALIFIED_LABOUR = "qualified-labour", _("Qualified labour")
    GREEN_CIRCULAR = "green-circular", _("Green transition and circular economy")
    INNOVATION = "innovation", _("Innovation")
    DIGITALISATION_AUTOMATION = "digitalisation-automation", _("Digitalisation and automation")
    INTERNATIONALISATION = "internationalisation", _("Internationalisation")
    MANAGEMENT_ORGANISATION = "management-organisation", _("Management and organisation")
    SALES_MARKETING = "sales-marketing", _("Sales and marketing")
    FINANCE = "finance", _("Finance")
    CCUS = "ccus", _("CCUS (capture, use and storage of CO2)")


EIGHT = tuple(field for field in Field if field != Field.CCUS)
