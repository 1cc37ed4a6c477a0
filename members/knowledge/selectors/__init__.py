"""Reading what members share, ask, know and tell, each within what an actor may see."""
