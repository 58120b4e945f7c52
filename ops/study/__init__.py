"""What the coach is worth, measured: many episodes, drawn from documented distributions, judged by other geometry."""
