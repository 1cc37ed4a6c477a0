"""Where Celery looks for the background work of members: each room keeps its own file."""

from members import tasks_knowledge as tasks_knowledge
