"""Pages that join several rooms for one person's day: my day, the person card."""
