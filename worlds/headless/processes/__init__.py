"""Controllers as processes: how they are started, how they talk to the simulation, how they end."""
