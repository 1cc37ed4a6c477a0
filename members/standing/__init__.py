"""A library's membership after it has joined: suspended, leaving, left, back; and what is still open meanwhile."""
