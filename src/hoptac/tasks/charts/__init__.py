"""Where the bars and circles of tasks stand, in units of the drawing: pure, no database, no clock."""
