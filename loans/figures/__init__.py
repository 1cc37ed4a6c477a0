"""Figures about lending: what each means, the questions to the database, tables and plots made of the answers."""
