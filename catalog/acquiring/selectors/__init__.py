"""Reading for buying and weeding together."""
