"""Console pages and the base that all floors build theirs on."""
