"""Steering committees with their members and meetings, and the officers who follow the sector in each agency."""
