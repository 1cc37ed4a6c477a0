"""Rules of buying and weeding together. Called by the views and by catalog/tasks_acquiring.py."""
