"""Pages of programmes: public ones, one's own, the host's, the coordinator's, certificates."""
