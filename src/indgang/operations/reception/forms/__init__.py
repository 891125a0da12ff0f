"""Forms of reception: the newcomer's questions (questions, interview), a country by its name (countries), who comes (booking)."""
