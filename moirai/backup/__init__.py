"""Back-ups of database and files, what they must hold, and how erased people stay erased after one is restored."""
