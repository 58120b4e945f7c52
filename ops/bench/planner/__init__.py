"""How good and how quick plans are, against tasks with known answers and against other planners."""
