"""A month played over HTTP: everybody acts as outsiders do, the player moves the clock, and every evening is checked."""
