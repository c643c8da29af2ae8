"""Products: the catalogue, its prices, its promotions, and what members like."""
