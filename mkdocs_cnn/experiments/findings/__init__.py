"""What pages and figures take from the results of experiments."""
