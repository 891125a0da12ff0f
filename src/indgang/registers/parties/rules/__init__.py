"""What needs no database: how words are compared, how large a company is."""
