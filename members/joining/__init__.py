"""How a library joins: its application, the decision about it, and its first steps as a member."""
