"""Pages of shared documents, questions, experts and news."""
