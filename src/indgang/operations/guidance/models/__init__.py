"""Courses, deliveries, and what stands beside them."""

from indgang.operations.guidance.models.agreement import MEETINGS, Duty, DutyKind, Meeting, Outreach
from indgang.operations.guidance.models.approach import DivisionOfLabour, GreyZone, OfficeNotice, PlannedContact, Size
from indgang.operations.guidance.models.course import Category, Course, How, LogEntry, NextStep
from indgang.operations.guidance.models.delivery import Delivery, DeliveryKind
from indgang.operations.guidance.models.playbook import Playbook, Wheel, WheelFilling, WheelUse
from indgang.operations.guidance.models.screening import (
    Answer,
    Lead,
    LeadState,
    Participant,
    ParticipantKind,
    ResultShare,
    Screening,
    ScreeningState,
)

__all__ = [
    "MEETINGS",
    "Answer",
    "Category",
    "Course",
    "Delivery",
    "DeliveryKind",
    "DivisionOfLabour",
    "Duty",
    "DutyKind",
    "GreyZone",
    "How",
    "Lead",
    "LeadState",
    "LogEntry",
    "Meeting",
    "NextStep",
    "OfficeNotice",
    "Outreach",
    "Participant",
    "ParticipantKind",
    "PlannedContact",
    "Playbook",
    "ResultShare",
    "Screening",
    "ScreeningState",
    "Size",
    "Wheel",
    "WheelFilling",
    "WheelUse",
]
