"""Console pages of this floor."""
