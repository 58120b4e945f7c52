"""Data files: the cue catalogue, rubrics, the sentences of a score card. Whoever may read files reads them here."""
