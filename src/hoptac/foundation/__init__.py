"""What every desk needs and none owns. No word of cooperatives in it."""
