"""Indicators as data, and the page where an officer crosses them with places, sectors and years."""
