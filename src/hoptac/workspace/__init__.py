"""The officers' front door: the home page of each role."""
