"""How far movecheck is from the truth: clips with known angles, errors, report."""
