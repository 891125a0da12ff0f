"""Who may see what an organisation keeps about a company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sharing(models.TextChoices):
    """The circle of a record. What nobody shared belongs to the organisation that wrote it."""

    ORGANISATION = "organisation", _("My organisation")
    COMPANIES = "companies", _("Everyone who works with companies")
    TEAM = "team", _("The Early Warning team alone")
