"""Courses, deliveries, and what stands beside them."""

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
    "Answer",
    "Category",
    "Course",
    "Delivery",
    "DeliveryKind",
    "How",
    "Lead",
    "LeadState",
    "LogEntry",
    "NextStep",
    "Participant",
    "ParticipantKind",
    "Playbook",
    "ResultShare",
    "Screening",
    "ScreeningState",
    "Wheel",
    "WheelFilling",
    "WheelUse",
]
