"""How honest told waits are, and what booking a way through the day is worth: stated scenarios, on seeds nobody has tuned to."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from bench.table import Check
from indgang.foundation.database.console import progress
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.month import MONTHS, Busy, played_month
from indgang.operations.reception.rules.scenarios import SCENARIOS, Scenario, tried

DAYS, LEARNED, MONTHS_PLAYED = 120, 20, 5  # the waits of a day are alike, so it takes many days to count how often the range holds


def told_waits(seed: int) -> list[Check]:
    """For each scenario: how many of the waits lay in the told range, and the mean error beside that of the plain formula."""
    rows = []
    with ProcessPoolExecutor(mp_context=get_context("fork")) as processes:
        for number, row in enumerate(processes.map(partial(_told, seed), SCENARIOS), 1):
            rows.append(row)
            progress(number, len(SCENARIOS), "waiting times")
    return rows


def _told(seed: int, scenario: Scenario) -> Check:
    one_in = max(round(scenario.tickets / 2), 1)  # some five of a day are told their wait, on days with few tickets as on days with many
    trial = tried(scenario, seeds=range(seed, seed + DAYS), learned=range(seed, seed + LEARNED), rules=LineRules(), one_in=one_in)
    inside = trial.inside / trial.waits
    gain = 1 - trial.error / trial.plain_error
    seen = f"{inside:.0%} of {trial.waits}; {trial.error:.1f} min, plain {trial.plain_error:.1f}, {gain:.0%} less"
    return Check(f"wait told: {scenario.key}", "75-85 %, less error", seen, 0.75 <= inside <= 0.85 and gain > 0)


def months(seed: int) -> list[Check]:
    """For each month: the minutes between steps that nine of ten did not exceed, and the share that finished the same day."""
    return [_month(busy, seed) for busy in MONTHS]


def _month(busy: Busy, seed: int) -> Check:
    played = [played_month(busy, seed + number, LineRules()) for number in range(MONTHS_PLAYED)]
    between, plain_between = (sum(way[side].p90_between for way in played) / len(played) for side in (0, 1))
    finished, plain_finished = (sum(way[side].finished for way in played) / len(played) for side in (0, 1))
    seen = f"{between:.0f} min, {finished:.1%} same day; first come, first served {plain_between:.0f} min, {plain_finished:.1%}"
    return Check(f"month: {busy.key}", "shorter between steps", seen, between < plain_between)
