"""What librarians learn from each other: documents, questions, who knows what, and the network's news."""
