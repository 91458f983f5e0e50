"""Workbooks in and out: guarded reading, staged batches, export writers."""
