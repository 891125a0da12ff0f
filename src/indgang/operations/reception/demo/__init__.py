"""Reception's share of the demonstration: a house filled with made-up visits by its own rules and planner (what is made up: rules/demo)."""
