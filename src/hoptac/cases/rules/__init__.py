"""What the law says of grounds, terms and clocks. Pure."""
