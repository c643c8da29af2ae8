"""Products: catalogue, prices, promotions and the ranking of lists."""
