"""Indgang: a region's one-point entry.

Six floors, stairs go down only: config, workspace, insight, operations, registers, foundation.
The plan is in docs/architecture.md and is enforced by the import contracts in .importlinter.
"""
