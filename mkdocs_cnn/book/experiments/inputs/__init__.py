"""What the experiments learn from and measure: digits, photographs, patches."""
