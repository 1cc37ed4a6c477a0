"""A year of a network played through without a database: the very routing of the portal, invented libraries."""
