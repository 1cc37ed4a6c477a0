"""Pages of buying and weeding together."""
