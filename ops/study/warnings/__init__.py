"""Are the warnings early enough, never missing, and not nagging: contacts that happen, and manoeuvres that are clean."""
