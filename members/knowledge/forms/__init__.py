"""Forms of shared documents, questions, experts and news."""
