"""The register's share of the demonstration: companies that there are not, with people, notes and consents."""
