"""Reading Webots worlds: tokens, the tables of known nodes, the scene tree and the parser that builds it."""
