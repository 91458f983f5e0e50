"""What a cooperative, union or group is in law: identity, particulars, figures, standing, lineage."""
