"""What carries the rest, lowest first: database, identifiers, places, identity, access, vault, journal, privacy, files, jobs,
mail, imports, ui."""
