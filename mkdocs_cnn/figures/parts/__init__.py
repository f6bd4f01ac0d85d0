"""Parts that figures share: a stage to draw on, wiring, pictures, curves, labels."""
