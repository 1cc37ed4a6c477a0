"""A person's data: handed over as a file, and erased on demand."""
