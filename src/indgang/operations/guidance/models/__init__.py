"""Courses, deliveries, and what stands beside them."""

from indgang.operations.guidance.models.course import Category, Course, How, LogEntry, NextStep
from indgang.operations.guidance.models.delivery import Delivery, DeliveryKind

__all__ = ["Category", "Course", "Delivery", "DeliveryKind", "How", "LogEntry", "NextStep"]
