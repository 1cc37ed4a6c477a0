"""Copy cataloguing: what is written, who may have it, and that other systems can read it."""
