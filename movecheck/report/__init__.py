"""Results for people: reading an output folder, plain words, and one printable HTML page."""
